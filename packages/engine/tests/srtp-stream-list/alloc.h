// libsrtp's allocation, which a test can make fail.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *srtp_crypto_alloc(size_t size);
void srtp_crypto_free(void *ptr);

#ifdef __cplusplus
}
#endif
