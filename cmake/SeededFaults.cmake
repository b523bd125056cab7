# prospero_seed_faults(ROOT SOURCES...)
#
# Puts the header of PROSPERO_FAULT(name) into ROOT, an include folder of the sources, so that any of them can hold its
# first fault. In a build with PROSPERO_SEEDED_FAULTS the files that hold one, and only they, are compiled with the faults
# to choose from: every other object file is the one of the ordinary build.
set(PROSPERO_FAULTS_DIR ${PROJECT_SOURCE_DIR}/faults)

function(prospero_seed_faults root)
  file(CREATE_LINK ${PROSPERO_FAULTS_DIR}/seeded_fault.hpp ${root}/seeded_fault.hpp SYMBOLIC)
  if(NOT PROSPERO_SEEDED_FAULTS)
    return()
  endif()
  foreach(source ${ARGN})
    file(STRINGS ${source} seeded LIMIT_COUNT 1 REGEX "PROSPERO_FAULT\\(")
    if(seeded)
      set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS PROSPERO_SEEDED_FAULTS)
    endif()
  endforeach()
endfunction()
