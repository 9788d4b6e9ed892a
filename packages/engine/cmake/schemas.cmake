# Generates the C++ headers of the FlatBuffers schemas, with the options of mediasoup's own build.
find_program(FLATC flatc REQUIRED)

set(SCHEMA_INCLUDE_DIR ${CMAKE_BINARY_DIR}/generated)
file(GLOB SCHEMAS ${WORKER_DIR}/fbs/*.fbs)

set(SCHEMA_HEADERS)
foreach(schema ${SCHEMAS})
  get_filename_component(name ${schema} NAME_WE)
  list(APPEND SCHEMA_HEADERS ${SCHEMA_INCLUDE_DIR}/FBS/${name}.h)
endforeach()

add_custom_command(
  OUTPUT ${SCHEMA_HEADERS}
  COMMAND ${FLATC} --cpp --cpp-field-case-style lower --reflect-names --scoped-enums --filename-suffix "" -o
          ${SCHEMA_INCLUDE_DIR}/FBS ${SCHEMAS}
  DEPENDS ${SCHEMAS}
  VERBATIM)
