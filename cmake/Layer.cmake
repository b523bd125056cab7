include(SeededFaults)

# prospero_layer(NAME PREFIX DIR [SOURCES_DIR dir] [DEPENDS ...] [PRIVATE_DEPENDS ...])
#
# Compiles every .cpp of SOURCES_DIR (default: DIR) but main.cpp; a layer without any is header-only.
# One layer of the project as a library whose headers are visible only to those who link to it: the layer's include
# folder holds a single link, PREFIX -> DIR. A file that includes a layer which its target does not name therefore
# fails to compile, so the target graph is the include rule.
function(prospero_layer name prefix dir)
  cmake_parse_arguments(arg "" "SOURCES_DIR" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(NOT arg_SOURCES_DIR)
    set(arg_SOURCES_DIR ${dir})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SOURCES_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|boost_test_main)\\.cpp$")
  set(root ${PROJECT_BINARY_DIR}/include/${name})
  get_filename_component(parent ${root}/${prefix} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${dir} ${root}/${prefix} SYMBOLIC)

  if(sources)
    add_library(${name} ${sources})
    prospero_seed_faults(${root} ${sources})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE ${arg_PRIVATE_DEPENDS})
    target_compile_features(${name} PUBLIC cxx_std_20)
    prospero_warnings(${name})
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
    target_compile_features(${name} INTERFACE cxx_std_20)
  endif()
  target_include_directories(${name} ${scope} $<BUILD_INTERFACE:${root}>)
  target_link_libraries(${name} ${scope} ${arg_DEPENDS})
endfunction()

# Warnings are errors for our own code, and only when it is not embedded in someone else's build.
function(prospero_warnings target)
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow -Werror=switch -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # With optimization g++ 12 reports these two in its own std::string and std::optional, in correct code.
      target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized)
    endif()
  endif()
endfunction()
