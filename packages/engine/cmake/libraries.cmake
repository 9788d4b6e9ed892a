# Finds what the worker links.
#
# Static where the distribution offers it, so that the cached binary needs no package at run time. OpenSSL stays shared
# on purpose: its security updates must reach the worker without a new build, and its soname promises the interface.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(UV REQUIRED libuv)
pkg_check_modules(ABSL REQUIRED absl_strings absl_optional)

find_library(UV_STATIC NAMES libuv_a.a libuv.a HINTS ${UV_LIBRARY_DIRS})
set(UV_LINK ${UV_LDFLAGS})
if(UV_STATIC)
  set(UV_LINK ${UV_STATIC} ${CMAKE_DL_LIBS} rt)
endif()

find_library(ABSL_STATIC NAMES libabsl_strings.a HINTS ${ABSL_STATIC_LIBRARY_DIRS})
set(ABSL_LINK ${ABSL_LDFLAGS})
if(ABSL_STATIC)
  set(ABSL_LINK -Wl,-Bstatic ${ABSL_STATIC_LDFLAGS} -Wl,-Bdynamic)
endif()

if(LIBSRTP_DIR)
  # Debian builds libsrtp on NSS, which doubles the cost of every packet; mediasoup's own build uses OpenSSL too.
  set(ENABLE_OPENSSL ON CACHE BOOL "" FORCE)
  set(TEST_APPS OFF CACHE BOOL "" FORCE)
  set(LIBSRTP_TEST_APPS OFF CACHE BOOL "" FORCE)
  set(BUILD_WITH_WARNINGS OFF CACHE BOOL "" FORCE)
  add_subdirectory(${LIBSRTP_DIR} libsrtp EXCLUDE_FROM_ALL)
  # The worker includes <srtp2/srtp.h>, as an installed libsrtp offers it.
  set(SRTP_INCLUDE_DIR ${CMAKE_BINARY_DIR}/libsrtp-include)
  file(COPY ${LIBSRTP_DIR}/include/ ${LIBSRTP_DIR}/crypto/include/ DESTINATION ${SRTP_INCLUDE_DIR}/srtp2)
  set(SRTP_LINK srtp2)
  # Since 2.5 libsrtp lets whoever builds it say how it keeps a session's streams.
  if(EXISTS ${LIBSRTP_DIR}/include/stream_list_priv.h)
    target_compile_definitions(srtp2 PRIVATE SRTP_NO_STREAM_LIST)
    target_sources(srtp2 PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/compat/srtp-stream-list.c)
  endif()
else()
  pkg_check_modules(SRTP REQUIRED IMPORTED_TARGET libsrtp2)
  find_path(SRTP_INCLUDE_DIR srtp2/srtp.h HINTS ${SRTP_INCLUDE_DIRS} REQUIRED)
  set(SRTP_LINK PkgConfig::SRTP)
endif()

# Some error codes came late to libsrtp 2; compat/srtp.h adds those that are missing.
file(STRINGS ${SRTP_INCLUDE_DIR}/srtp2/srtp.h SRTP_ERRORS REGEX "srtp_err_status_[a-z_]+ *=")
set(SRTP_DEFINITIONS)
foreach(code BUFFER_SMALL CRYPTEX_ERR)
  string(TOLOWER "srtp_err_status_${code}" name)
  if(SRTP_ERRORS MATCHES "${name}")
    list(APPEND SRTP_DEFINITIONS POTLUCK_SRTP_HAS_${code})
  endif()
endforeach()

set(WORKER_LIBRARIES
    ${SRTP_LINK}
    ${UV_LINK}
    OpenSSL::SSL
    OpenSSL::Crypto
    ${ABSL_LINK}
    Threads::Threads)
