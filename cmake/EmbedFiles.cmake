# Text files as parts of a program: each becomes a raw string literal in a source that is made when CMake configures, and
# made anew when a file changes. A file must not hold the bytes `)embedded"`.

# prospero_raw_literal(OUT FILE): the C++ literal of FILE's text, in the variable OUT.
function(prospero_raw_literal out file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${file} holds the end mark of its own literal")
  endif()
  set(${out} "R\"embedded(${text})embedded\"" PARENT_SCOPE)
endfunction()
