/**
 * Recorded once with libvpx (colour bars, error resilient) and libopus (440 Hz): what is sent is real and can be decoded, and
 * costs nothing to make. A VP8 decoder does not look at what follows its last macroblock, so frames may be filled up to any size.
 */
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

export type Picture = { readonly width: number; readonly height: number; readonly key: Buffer; readonly inter: Buffer };

/** From small to large. `inter` repeats the picture before it. */
export const pictures: readonly Picture[] = [
  {
    width: 320,
    height: 180,
    key: bytes(
      'UCAAnQEqQAG0ADl7AAccJAwsLEQsJEDsARVWw475+N/IrXGu+fk5TgfyH/MfyDc/894/pe8A/0TrAfP/6v/TdJC+Gfquf6SG/FYs7Kit06SGLY2iJDvx5Bi0sq+x03GlLj/jyDGWXoZfPdDL7Yj+OIdMeloIZfPdHRNOi8T0cIlkqOJjDHt3jnBuTx1ddoOsIsxiV0gonUVfY6itEU79oLkE1jZEpWvzFb94CFhibRwVDnY9Hz02QclNeWR0pQxHubHHAIcXBjWFJdlN0bxl4IJjz0LATmIiCJffhqVP1KidnfDFm83cdErcUcavsU1a42qOgu3YVThDhCqejje1T+LBnX4z4M9F0I6yIP6jhGnli973Slxw7nx+NnLp6GB5PLBoLRPEuEmfppqDFpuD3rH5GaJejtUDkDnUVKyRdy8M3gUf8PwVeDh6aQqCiCV+mEUZXqcCi+7bP9bffrzy/54G6pywAK7IKDbFr/0lDnO+rkXnL70a4SlcRj3+Dfzf/D6Sa1V2lf6kP15S5e+2ynKj/SXYws1cba+uDAQ/19czX+6L5EIwCo89bSSLMBwcKrI4pJ5L1amKVHDprKAQ1Z8dL9WuEFfpd50ETyzGmYJfwETDpKKJBM17J3X5b7xGFhgA',
    ),
    inter: bytes('0QUA5Tf/uLvXrxBPT66PL+XgIB/AYWC9X6CQ/ABqeBLAlgSv5KGKUXofQDQ5vqNI8AA='),
  },
  {
    width: 640,
    height: 360,
    key: bytes(
      'kEgAnQEqgAJoATmBAAccJAwsLEQsJEDsARkHnL+NDCUa7+zfk12EGjOy/kbflxpdz/2SX1/91x/t09QrNo+J1Q4M4eD4R4Pji3F+8K04isxo/bMhesyG64qNO0cUkTIcw3ZVYevlDDeMk6dOnVadxZQoQI/biqLVjM2jXyhhuuKjTtHFJEyHMN2VWHr5TrLE/2U6dOq07iyhQgR+3FUWrGZtu9pEyG64qjQsn5Qw3jJOnnQy2wcxlTr9+/fyeJX0uwsXg9cXMYs9Vqcbow3XFRp2jikiZDmG7KrD18p1lif7KdOnVadxZQoQI/biqLVjM23e0iZDdcVRoWT8oYbxknTzoZbYOYyp1+/fv5PEr6XYWLweuLmMWeq1ON0Ybrio07RxSRMhzDdlVh6+U6yxP9lOnTqtO4soUIEftxVFqxmbbvaRMhuuKo0LJ+UMN4yTp50MtsHMZU6/fv38niV9LsLF4PXFzGLPVanG6MNqoTvkYJnBxTSfcfMJtOKcWcBb769bncyPFkxmvsTvWIw4ppPuUJ3yMBbRx7UTZKUnlIx+z+/94i+owPC5GrFWBZ7ReZCjBEwqGxVc0n4JCWm0lUp/0OdPmlNMd9ItXSEly3CG3+JBpF5C6f/s3S9k97I/dlNkpSdgCVpA3IhkL2WLF4n9lPOhlikni/gHuk5VyixYsWNO0cT8oYbsFBWvIjxTL7riosWLRoWT5IPXFUZeMsiySO/mG64qLGnaOJ+UMN2CgrXkR4pl91xUWLFo0LJ8kHriqMvGWRZJHfzDagDvCFnYxgk4taiIijHQOGAW+9oRaVhmaqTCcD0bTlDh3qF3y2bcBGcZPybBAEaAWRqnCZU7g2HGVI+CoteENf9flwWP7mejzed/2JmXvZcF0cztuToo1IyPF7mhfaPmDKMD2Sf8rnRRBalepjAI89Hi27KWKw3Lk42OdABoQ+tXv/9UaK8VdIoDAMieSLMO43Kp2HbsYBIaXNa7BzhBS+2z/BTmmAfG24iwqN11ifIXEbojmAO+tCaptfNj/hIj5mBkH3ai+iTprD5L/IvlDttb7mWymMUnHKtKCxofCzbeEjwHkdcZxliau0GYTLyNgi19NBOCJgaUzyp1OTaDgAAA',
    ),
    inter: bytes(
      '0QsA5Tf/uL/PrxBPT66PL+XgIB/AYWC+f6CQ/f/+//9NrMZbW7EWz6WJpIJsE2CbBNgmwTYJsE2CbBNgmwTYJpHfWu2JxotdsVbTe24yd9DIpS3NVTzcKoTGG2Gw2MdqAAA=',
    ),
  },
  {
    width: 1280,
    height: 720,
    key: bytes(
      'UNwAnQEqAAXQAjmBABQcJAwsLEQsJEH8ARZLnkXs/4f4fk6ugdxAzZmHOOfJPQnrurHw0Ey++GnySBhzjnyT+orRxIM6wSQJ67qx8KxWjiQZ1nyT/rHxTK0MlabEcil3VkU8SDOs+a4laa7rNkslaa7vbEk/6x8NPkn/ZpO6sfDU5njnyUC1xST/rIp4kGdZ/f3z/rHxTK0Mlaa7qx8NP7oOfJP+zSd1Y+G93nHPkoFrikn/WjieGnyUC1xST/rHw0+Sf/tiSf9Y+wKWhkrVa3rPkn/7Ykn/WRVg1nyT/9sST/rHw0+Sf9mk7qx8NTmeOfJQLXFJP+siniQZ1n9/fP+sfFMrQyVprurHw0/ug58k/7NJ3Vj4b3ecc+SgWuKSf9aOJ4afJQLXFJP+sfDT5J/+2JJ/1j7ApaGStVres+Sf/tiSf9ZFWDWfJP/2xJP+sfDT5J/2aTurHw1OZ458lAtcUk/6yKeJBnWf398/6x8UytDJWmu6sfDT+6DnyT/s0ndWPhvd5xz5KBa4pJ/1o4nhp8lAtcUk/6x8NPkn/7Ykn/WPsCloZK1Wt6z5J/+2JJ/1kVYNZ8k//bEk/6x8NPkn/ZpO6sfDU5njnyUC1xST/rIp4kGdZ/f3z/rHxTK0Mlaa7qx8NP7oOfJP+zSd1Y+G93nHPkoFrikn/WjieGnyUC1xST/rHw0+Sf/tiSf9Y+wKWhkrVa3rPkn/7Ykn/WRVg1nyT/9sST/rHw0+Sf9mk7qx8NTmeOfJQLXFJP+siniQZ1n9/fP+sfFMrQyVprurHw0/ug58k/7NJ3Vj4b3ecc+SgWuKSf9aOJ4afJQLXFJP+sfDT5J/+2JJ/1j7ApaGStVres+Sf/tiSf9ZFWDWfJP/2xJP+sfDT5J/2aTurHw1OZ458lAtcUk/6yKeJBnWf398/6x8UytDJWmu6sfDT+6DnyT/s0ndWPhvd5xz5KBa4pJ/1o4nhp8lAtcUk/6x8NPkn/7Ykn/WPsCloZK1Wt6z5J/+2JJ/1kVYNZ8k//bEk/6x8NPkn/ZpO6sfDU5njnyUC1xST/rIp4kGdZ/f3z/rHxTK0Mlaa7qx8NP7oOfJP+zSd1Y+G93nHPkoFrikn/WjieGnyUC1xST/rHw0+Sf/tiSf9Y+wKWhkrVa3rPkn/7Ykn/WRVg1nyT/9sST/rHw0+Sf9mk7qx8NTmeOfJQLXFJP+siniQZ1n9/fP+sfFMrQyVprurHw0/ug58k/7NJ3Vj4b3ecc+SgWuKSf9aOJ4afJQLXFJP+sfDT5J/+2JJ/1j7ApaGStVres+Sf/tiSf9ZFWDWfJP/2xJP+sfDT5J/2aTurHw1OZ458lAtcUk/6yKeJBnWf398/6x8UytDJWmu6sfDT+6DnyT/s0ndWPhvd5xz5KBa4pJ/1o4nhp8lAtcUk/6x8NPkn/7Ykn/WPsCloZK1Wt6z5J/+2JJ/1kVYNZ8k//bEk/6x8NPkn/ZpO6sfDU5njnyUC1xST/rIp4kGdZ/f3z/rHxTK0MlaVm+CbL0kLyX1T3gw8l9Urw28/zXvN4Pm8TZeil/C2hM4beg6579Y77eJsvSQvIsW5fVK8NvQdc9+rcvqleG3oOuaxuf9Y+wKWhkrTjZrPkn/7Ykn/WPsCloZK1Wt6z5J/9JS7qx8NPkn/WjO6sfDT+6DnyT/9sST/rH2BS0MlarW9Z8k/+kpd1Y7xSrb0HXPmQ/ob6K5MtYuqm9J9Y1Mn0V5L0paxUyGeQryXpX0V5L6pXhsejCUrbleF1X658yH9ub/QH/BkrTAzcY7eesarNgnylW3oOufMh/ZgvW8Pq+YoDqUtHTZu1u4bLA0voOufMgWp9V5L6pXht6Dn3+FtBzZZhrcvqjR1x9tctVXQ/Vj4afJoQafJP+sio56x8NPkpHaGhkrTXihGENQnibSDOs+Sf9Y+GnyaEGnyT/rIqOesfDT5KR2hoZK014oRhDUJ4m0gzrPkn/WPhp8mhBp8k/6yKjnrHw0+SkdoaGStNeKEYQ1CeJtIM6z5J/1j4afJoQafJP+sio56x8NPkpHaGhkrTXihGENQnibSDOs+Sf9Y+GnyaEGnyT/rIqOesfDT5KR2hoZK014oRhDUJ4m0gzrPkn/WPhp8mhBp8k/6yKjnrHw0+SkdoaGStNeKEYQ1CeJtIM6z5J/1j4afJoQafJP+sio56x8NPkpHaGhkrTXihGENQnibSDOs+Sf9Y+GnyaEGnyT/rIqOesfDT5KR2hoZK014oRhDUJ4m0gzrPkn/WPhp8mhBp8k/6yKjnrHw0+SkdoaGStNeKEYQ1CeJtIM6z5J/1j4afJoQafJP+sio56x8NPkpHaGhkrTXihGENQnibSDOs90AD54H9y9KOqQ5r1c3m88P+mvlUom9wN4liSkVWnwDKYGixMUc5bw2ObxPnCGlAS7LE3knHUKuu/vbm2/6bC19JTw7jKMD1DXsS2gjQTTW3+qjvF1IbXUoJqLKwgAMAMbzuQrnrpGgbYoPPSmQHTLD5NDptADvj2QagA',
    ),
    inter: bytes(
      'ESMA5Tf/vLvHrxBPT66PL+XgIB/AYWC+3/oucvgAkP9///f//3//+AAXve773vU973He943vew73uud7zve9n3vds73pe97fve8YUfvo6++jr76Ovvo6++jr76Ovvnz6Ovvo6++jr76Ovvo6++jr76OhhD/l50Ndfvo6++jr76Ovvo6++jr76OvvRDYOvvo6++jr76Ovvo6++jr75k+AQEBAQEBAQEBAYkhsHX30dffR198znXZ/3ed73s+97tne9L3vb973i972ve933vep73uO97xve9h3vtkccccccccccccccccJd3LY973XoWEt5Xve2OgSGW8r3vkEt73Xe99wN73ne98Zlve673vuBve873vjMt73Xe93AAA=',
    ),
  },
];

/** Five packets of 20 ms at 32 kbit/s: 44 whole waves, so that they can be repeated without a crack. */
export const tone: readonly Buffer[] = [
  bytes('uK1pBzYn6Idnf0DYm1ARd1pY4Oac59CSAR56GhFggHm8NM+YkZeC9yn7JIXjW+XCS+JXAHMUiToQgDzFMznehcpUyEKLuKlexScxo2ZqQ64='),
  bytes('uKyqEBbvJKo57DKZe/52dKWbSOhU/PfI7YaC7jIkAuT0m58NPD/j4dEOME5sLZrTEfS3CvWME3iJE6K9cc+FLgmUXUnAP9SO25PHQXiySa4='),
  bytes('uLBNzyoSuFM+YXMuUpQC5lmqFFpPdG7INYvgxLVApdP3MKvwgyI3NFf6mDYG5LO8u8lw4w0PZFc/id833d/UlM6oG5fnmhoqI8/s3MpL464='),
  bytes('uK1twaIvvpmdSKUClG43mimf2+iLx6jQjJqeb6mqhXRzC51d3eOYOU+0u02bRsEGNxbP9/MvWzU8j6eGVTitD/6fN1Cnu6/AV+MieIV8La4='),
  bytes('uK/qdE+NrluS1zoT+GXTg7kvShn9uh7gS4o8yqyWRTufPTclLtPCpz3BdKpCQaTWRcGdTcuUj20sn0nKfhtah+KzlCpde4WH+ceqoU6Xra4='),
];

/** What Opus says of silence (DTX), every 400 ms. */
export const silence: Buffer = Buffer.from([0xf8, 0xff, 0xfe]);
