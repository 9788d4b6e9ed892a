/** The worker that encrypts and decrypts frames. */
import { serveFrameTransforms } from '@potluck/client/encryption-worker';

serveFrameTransforms(self as unknown as Parameters<typeof serveFrameTransforms>[0]);
