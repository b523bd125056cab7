#!/usr/bin/env bash
# Installs the SDK and builds and runs a foreign project against it. Usage: install_test.sh SOURCE WORK WAY COMPILER
set -euo pipefail
source=$1 work=$2 way=$3 compiler=$4
foreign=$source/tests/install/foreign
export CXX=$compiler CMAKE_GENERATOR=Ninja
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_NOHASHDIR=1; fi

# install_sdk KIND: the SDK alone, installed to one folder and then moved: a package that holds paths of its build breaks.
install_sdk() {
  local shared=OFF
  [[ $1 == shared ]] && shared=ON
  local build=$work/sdk-$1
  cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=$shared \
    -DPROSPERO_BUILD_SAMPLE=OFF -DPROSPERO_BUILD_MOCK=OFF -DPROSPERO_BUILD_TESTS=OFF --log-level=WARNING
  cmake --build "$build"
  rm -rf "$work/first-prefix" "$work/prefix-$1"
  cmake --install "$build" --prefix "$work/first-prefix" >/dev/null
  mv "$work/first-prefix" "$work/prefix-$1"
}

build_foreign() { # build_foreign CMAKE_ARG...
  rm -rf "$work/foreign-$way"
  cmake -S "$foreign" -B "$work/foreign-$way" -DCMAKE_BUILD_TYPE=Release --log-level=WARNING "$@"
  cmake --build "$work/foreign-$way"
}

each_header() { # each_header INCLUDE_FOLDER FLAG...: a unit for each public header, which includes nothing else of ours
  local folder=$1 header before
  shift
  (cd "$folder" && find prospero -name '*.hpp') | sort >"$work/headers"
  [[ -s $work/headers ]]
  while read -r header; do
    before=''
    if [[ $header == */httplib.hpp ]]; then
      if [[ $* == *-fno-exceptions* ]]; then continue; fi # cpp-httplib itself needs them
      before='#include <httplib.h>'
    fi
    printf '%s\n' "$before" "#include <$header>" >"$work/header.cpp"
    "$compiler" "$@" -I "$folder" -fsyntax-only "$work/header.cpp"
  done <"$work/headers"
}

mkdir -p "$work"
case $way in
  static | shared)
    install_sdk "$way"
    build_foreign -DWAY=package -DCMAKE_PREFIX_PATH="$work/prefix-$way"
    "$work/foreign-$way/whole"
    ;;
  payload-only)
    install_sdk static
    build_foreign -DWAY=payload-only -DCMAKE_PREFIX_PATH="$work/prefix-static"
    "$work/foreign-$way/typed"
    if ldd "$work/foreign-$way/typed" | grep -E 'libssl|libcrypto|libsqlite'; then
      echo "payload alone must not bring these in" >&2
      exit 1
    fi
    ;;
  subdirectory)
    build_foreign -DWAY=subdirectory -DSDK_SOURCE="$source"
    "$work/foreign-$way/whole"
    ;;
  pkg-config)
    install_sdk shared
    export PKG_CONFIG_PATH=$work/prefix-shared/lib/pkgconfig:$work/prefix-shared/lib/x86_64-linux-gnu/pkgconfig
    read -ra flags < <(pkg-config --cflags --libs prospero_receive)
    "$compiler" -std=c++20 "$foreign/whole.cpp" "${flags[@]}" -o "$work/whole-pkg-config"
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir prospero_receive) "$work/whole-pkg-config"
    ;;
  no-exceptions) # the program that docs/sdk.md shows
    install_sdk static
    awk '/^<!-- shown only -->$/ { found = 1 } found && /^```$/ { exit } inside { print } found && /^```cpp$/ { inside = 1 }' \
      "$source/docs/sdk.md" >"$work/no_exceptions.cpp"
    grep -q 'int main' "$work/no_exceptions.cpp"
    export PKG_CONFIG_PATH=$work/prefix-static/lib/pkgconfig:$work/prefix-static/lib/x86_64-linux-gnu/pkgconfig
    read -ra flags < <(pkg-config --cflags --libs prospero_payload)
    "$compiler" -std=c++20 -fno-exceptions "$work/no_exceptions.cpp" "${flags[@]}" -o "$work/no-exceptions"
    "$work/no-exceptions"
    each_header "$work/prefix-static/include" -std=c++20 -fno-exceptions
    ;;
  c++23) # the libraries, each public header by itself, and the programs
    cmake -S "$source" -B "$work/sdk-c++23" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=23 \
      -DPROSPERO_BUILD_SAMPLE=OFF -DPROSPERO_BUILD_MOCK=OFF -DPROSPERO_BUILD_TESTS=OFF --log-level=WARNING
    cmake --build "$work/sdk-c++23"
    each_header "$source/sdk/include" -std=c++2b -Wall -Wextra -Werror
    build_foreign -DWAY=subdirectory -DSDK_SOURCE="$source" -DCMAKE_CXX_STANDARD=23
    "$work/foreign-$way/whole"
    ;;
  *)
    echo "unknown way: $way" >&2
    exit 2
    ;;
esac
