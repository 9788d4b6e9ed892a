// The streams of an SRTP session, sorted by SSRC, in place of libsrtp's linked list.
//
// libsrtp 2 looks for the stream of each packet by walking a list of structures that lie all over the heap. A receiver in a
// room of fifty has some hundred streams (sound, pictures, their retransmissions, probes), and each session that forwards to
// her walks them for each packet. libsrtp leaves this file's functions to whoever builds it with SRTP_NO_STREAM_LIST
// (stream_list_priv.h says what they must do). Sorted rather than hashed: remote peers choose SSRCs, and no choice of theirs
// makes a search longer than the logarithm.
#include "stream_list_priv.h"
#include "alloc.h"

#include <string.h>

typedef struct {
  uint32_t ssrc;
  srtp_stream_t stream;
} entry_t;

struct srtp_stream_list_ctx_t_ {
  entry_t *entries;
  size_t size;
  size_t capacity;
};

// The index of the first entry whose SSRC is not below this one.
static size_t position(srtp_stream_list_t list, uint32_t ssrc)
{
  size_t first = 0;
  size_t count = list->size;

  while (count > 0) {
    const size_t half = count / 2;

    // As an addition, not as a branch: what is asked for is as good as random.
    first += (list->entries[first + half].ssrc < ssrc) * (count - half);
    count = half;
  }
  return first;
}

srtp_err_status_t srtp_stream_list_alloc(srtp_stream_list_t *list_ptr)
{
  // Zeroed.
  srtp_stream_list_t list = srtp_crypto_alloc(sizeof(struct srtp_stream_list_ctx_t_));

  if (list == NULL)
    return srtp_err_status_alloc_fail;
  *list_ptr = list;
  return srtp_err_status_ok;
}

srtp_err_status_t srtp_stream_list_dealloc(srtp_stream_list_t list)
{
  if (list->size > 0)
    return srtp_err_status_fail;
  if (list->entries != NULL)
    srtp_crypto_free(list->entries);
  srtp_crypto_free(list);
  return srtp_err_status_ok;
}

srtp_err_status_t srtp_stream_list_insert(srtp_stream_list_t list, srtp_stream_t stream)
{
  size_t at;

  if (list->size == list->capacity) {
    const size_t capacity = list->capacity > 0 ? list->capacity * 2 : 4;
    entry_t *entries = srtp_crypto_alloc(capacity * sizeof(entry_t));

    if (entries == NULL)
      return srtp_err_status_alloc_fail;
    if (list->entries != NULL) {
      memcpy(entries, list->entries, list->size * sizeof(entry_t));
      srtp_crypto_free(list->entries);
    }
    list->entries = entries;
    list->capacity = capacity;
  }
  at = position(list, stream->ssrc);
  memmove(&list->entries[at + 1], &list->entries[at], (list->size - at) * sizeof(entry_t));
  list->entries[at].ssrc = stream->ssrc;
  list->entries[at].stream = stream;
  list->size++;
  return srtp_err_status_ok;
}

srtp_stream_t srtp_stream_list_get(srtp_stream_list_t list, uint32_t ssrc)
{
  const size_t at = position(list, ssrc);

  return at < list->size && list->entries[at].ssrc == ssrc ? list->entries[at].stream : NULL;
}

void srtp_stream_list_remove(srtp_stream_list_t list, srtp_stream_t stream)
{
  const size_t at = position(list, stream->ssrc);

  if (at == list->size || list->entries[at].stream != stream)
    return;
  list->size--;
  memmove(&list->entries[at], &list->entries[at + 1], (list->size - at) * sizeof(entry_t));
}

void srtp_stream_list_for_each(srtp_stream_list_t list, int (*callback)(srtp_stream_t, void *), void *data)
{
  size_t at = 0;

  while (at < list->size) {
    const srtp_stream_t stream = list->entries[at].stream;

    if (callback(stream, data))
      return;
    // The callback may have removed this stream, and no other.
    if (at < list->size && list->entries[at].stream == stream)
      at++;
  }
}
