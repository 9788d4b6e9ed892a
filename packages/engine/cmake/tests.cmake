# Unit tests and fuzz tests, with sanitizers.
set(SANITIZED -O1 -g -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all)
set(STREAM_LIST_DIR ${CMAKE_CURRENT_SOURCE_DIR}/tests/srtp-stream-list)
add_executable(srtp-stream-list-test EXCLUDE_FROM_ALL ${STREAM_LIST_DIR}/test.cpp
                                                      ${CMAKE_CURRENT_SOURCE_DIR}/compat/srtp-stream-list.c)
target_include_directories(srtp-stream-list-test PRIVATE ${STREAM_LIST_DIR})
target_compile_options(srtp-stream-list-test PRIVATE ${SANITIZED})
target_link_options(srtp-stream-list-test PRIVATE -fsanitize=address,undefined)

# Of patches/03-udp-gso.patch.
set(TESTS_DIR ${CMAKE_CURRENT_SOURCE_DIR}/tests/udp-send-batcher)
foreach(test test fuzz)
  set(target udp-send-batcher-${test})
  add_executable(${target} EXCLUDE_FROM_ALL ${TESTS_DIR}/${test}.cpp ${WORKER_DIR}/src/handles/UdpSendBatcher.cpp)
  target_include_directories(${target} PRIVATE ${WORKER_DIR}/include ${TESTS_DIR})
  target_compile_options(${target} PRIVATE ${SANITIZED})
  target_link_options(${target} PRIVATE -fsanitize=address,undefined)
endforeach()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_definitions(udp-send-batcher-fuzz PRIVATE POTLUCK_LIBFUZZER)
  target_compile_options(udp-send-batcher-fuzz PRIVATE -fsanitize=fuzzer)
  target_link_options(udp-send-batcher-fuzz PRIVATE -fsanitize=fuzzer)
endif()
