import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pickDevice, sortDevices } from './devices.ts';

describe('sortDevices', () => {
  it('sorts by kind, numbers what has no label, and leaves out what is hidden or an alias', () => {
    const found = [
      { kind: 'audioinput', deviceId: 'default', label: 'Default' },
      { kind: 'audioinput', deviceId: 'communications', label: 'Communications' },
      { kind: 'audioinput', deviceId: 'a', label: '' },
      { kind: 'videoinput', deviceId: '', label: '' },
      { kind: 'audiooutput', deviceId: 'b', label: 'Headset' },
    ] as const;
    assert.deepEqual(sortDevices(found), {
      microphone: [
        { id: 'default', label: 'Default' },
        { id: 'a', label: 'Microphone 2' },
      ],
      camera: [],
      speaker: [{ id: 'b', label: 'Headset' }],
    });
  });
});

describe('pickDevice', () => {
  const devices = [
    { id: '1', label: 'Built-in' },
    { id: '2', label: 'Headset' },
  ];

  it('finds the remembered device by id, else by label, else leaves the choice to the system', () => {
    assert.equal(pickDevice(devices, { id: '1', label: 'Headset' }), '1');
    assert.equal(pickDevice(devices, { id: 'forgotten', label: 'Headset' }), '2');
    assert.equal(pickDevice(devices, { id: 'gone', label: 'Gone' }), undefined);
    assert.equal(pickDevice(devices, undefined), undefined);
  });
});
