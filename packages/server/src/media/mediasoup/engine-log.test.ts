import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNoNews } from './engine-log.ts';

describe('Engine log', () => {
  it('leaves out what nobody can do anything about', () => {
    const clamped =
      '[pid:7] webrtc::GoogCcNetworkController::ClampConstraints() | start bitrate smaller than min bitrate [starting_rate_:30000, min_data_rate_:200000]';
    assert.ok(isNoNews(clamped));
    const ended =
      '[pid:7] RTC::Transport::AssertAndGetConsumerById() | throwing MediaSoupNotFoundError: Consumer not found [method:transport.closeConsumer]';
    assert.ok(isNoNews(ended));
    assert.equal(isNoNews(ended.replace('closeConsumer', 'consume')), false);
    const gone =
      '[pid:7] Worker::HandleRequest() | throwing MediaSoupNotFoundError: Channel request handler with ID 1ccb46ac-cb56 not found [method:transport.closeConsumer]';
    assert.ok(isNoNews(gone));
    assert.equal(isNoNews(gone.replace('closeConsumer', 'consume')), false);
    const closing = '(stderr) UnixStreamSocketHandle::Write() | uv_try_write() failed, trying uv_write(): broken pipe';
    assert.ok(isNoNews(closing));
    assert.equal(isNoNews(closing.replace('broken pipe', 'no buffer space available')), false);
    const rested =
      '[pid:7] RTC::RTP::RetransmissionBuffer::Insert() | buffer empty after clearing too old packets [seq:7, timestamp:96000]';
    assert.ok(isNoNews(rested));
    assert.ok(isNoNews('request failed [method:transport.consume, id:4]: unknown'));
    assert.equal(isNoNews('[pid:7] RTC::SrtpSession::EncryptRtp() | srtp_protect() failed'), false);
  });
});
