# Text files as parts of a program: a source that is made when CMake configures holds them as raw string literals, and is
# made anew when a file changes. A file must not hold the bytes `)embedded"`.

# prospero_raw_literal(OUT FILE...): the C++ literal of the text of all FILEs, in the variable OUT.
function(prospero_raw_literal out)
  set(text "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} one)
    string(APPEND text "${one}")
  endforeach()
  string(FIND "${text}" ")embedded\"" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "one of ${ARGN} holds the end mark of its own literal")
  endif()
  set(${out} "R\"embedded(${text})embedded\"" PARENT_SCOPE)
endfunction()
