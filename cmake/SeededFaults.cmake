# prospero_seed_faults(SOURCES...)
#
# Lets the files that hold PROSPERO_FAULT(name) see its header. In a build with PROSPERO_SEEDED_FAULTS they, and only
# they, are compiled with the faults to choose from: every other object file is the one of the ordinary build.
set(PROSPERO_FAULTS_DIR ${PROJECT_SOURCE_DIR}/faults)

function(prospero_seed_faults)
  foreach(source ${ARGN})
    file(STRINGS ${source} seeded LIMIT_COUNT 1 REGEX "PROSPERO_FAULT\\(")
    if(seeded)
      set_property(SOURCE ${source} APPEND PROPERTY INCLUDE_DIRECTORIES ${PROSPERO_FAULTS_DIR})
      if(PROSPERO_SEEDED_FAULTS)
        set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS PROSPERO_SEEDED_FAULTS)
      endif()
    endif()
  endforeach()
endfunction()
