// As much of libsrtp's header as compat/srtp-stream-list.c needs, so that its test builds without libsrtp's sources.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { srtp_err_status_ok = 0, srtp_err_status_fail = 1, srtp_err_status_alloc_fail = 3 } srtp_err_status_t;
typedef struct srtp_stream_ctx_t_ {
  uint32_t ssrc;
} *srtp_stream_t;
typedef struct srtp_stream_list_ctx_t_ *srtp_stream_list_t;

srtp_err_status_t srtp_stream_list_alloc(srtp_stream_list_t *list_ptr);
srtp_err_status_t srtp_stream_list_dealloc(srtp_stream_list_t list);
srtp_err_status_t srtp_stream_list_insert(srtp_stream_list_t list, srtp_stream_t stream);
srtp_stream_t srtp_stream_list_get(srtp_stream_list_t list, uint32_t ssrc);
void srtp_stream_list_remove(srtp_stream_list_t list, srtp_stream_t stream);
void srtp_stream_list_for_each(srtp_stream_list_t list, int (*callback)(srtp_stream_t, void *), void *data);

#ifdef __cplusplus
}
#endif
