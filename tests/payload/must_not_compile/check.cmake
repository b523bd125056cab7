# cmake -DCOMPILER=... -DINCLUDES=a;b -DFILE=x.cpp -P check.cmake
#
# FILE says `// expect: REGEX` in its first line. It must compile with -DRIGHT, and without it fail with a message that
# matches.
file(STRINGS ${FILE} first LIMIT_COUNT 1)
if(NOT first MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${FILE}: the first line must be `// expect: REGEX`")
endif()
set(expected "${CMAKE_MATCH_1}")
list(TRANSFORM INCLUDES PREPEND -I)
set(compile ${COMPILER} -std=c++20 -fsyntax-only ${INCLUDES})

execute_process(COMMAND ${compile} -DRIGHT ${FILE} RESULT_VARIABLE code ERROR_VARIABLE text)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${FILE} does not compile even with -DRIGHT:\n${text}")
endif()
execute_process(COMMAND ${compile} ${FILE} RESULT_VARIABLE code ERROR_VARIABLE text)
if(code EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles, but must not")
endif()
if(NOT text MATCHES "${expected}")
  message(FATAL_ERROR "${FILE} fails to compile without saying '${expected}':\n${text}")
endif()
