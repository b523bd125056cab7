# prospero_tests(NAME SOURCES ... LIBRARIES ... [KIND unit|integration|e2e] [TIMEOUT seconds])
#
# A Boost.Test program whose every case is a ctest of its own, found after each build by asking the program. A case
# NAME.suite.case carries its kind and its Boost.Test labels (clauses such as R2), so `ctest -L '^R2$'` runs what
# proves R2. A program in which no case is found fails the build.
function(prospero_tests name)
  cmake_parse_arguments(arg "" "KIND;TIMEOUT" "SOURCES;LIBRARIES;DEPENDS" ${ARGN})
  if(NOT arg_KIND)
    set(arg_KIND unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/support/boost_test_main.cpp ${arg_SOURCES})
  target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(${name} PRIVATE test_support ${arg_LIBRARIES} Boost::unit_test_framework)
  prospero_warnings(${name})
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()

  set(list ${CMAKE_CURRENT_BINARY_DIR}/${name}_cases.cmake)
  add_custom_command(
    TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${name}> -DNAME=${name} -DKIND=${arg_KIND}
            -DTIMEOUT=${arg_TIMEOUT} -DOUT=${list} -P ${PROJECT_SOURCE_DIR}/cmake/ListBoostTests.cmake
    BYPRODUCTS ${list}
    VERBATIM)
  set(include ${CMAKE_CURRENT_BINARY_DIR}/${name}_include.cmake)
  file(WRITE ${include}
       "if(EXISTS \"${list}\")\n  include(\"${list}\")\nelse()\n  add_test(${name}_NOT_BUILT ${name}_NOT_BUILT)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
