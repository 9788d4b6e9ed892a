import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

export type SecurityOptions = {
  realCertificate: boolean;
  /** Origins of pages that may show the web app in a frame. Default: none. */
  frameAncestors?: readonly string[];
};

/**
 * What the web app may do: everything from here, nothing from elsewhere. Both `ws:` and `wss:` to this very host are
 * named, for browsers whose 'self' covers only http and https.
 */
export function securityHeaders({ realCertificate, frameAncestors = [] }: SecurityOptions): RequestHandler {
  const framed = frameAncestors.length > 0;
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        styleSrc: ["'self'", ...componentStyles.map(hashSource)],
        // React and layout code set styles of single elements.
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:', 'mediastream:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", (request) => sameHostSockets(request.headers.host)],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: framed ? ["'self'", ...frameAncestors] : ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // Promises that this host will always have a certificate that browsers trust: only when it has one.
    strictTransportSecurity: realCertificate ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    // It knows no list; where there is one, frame-ancestors says it all.
    xFrameOptions: framed ? false : { action: 'deny' },
  });
  return (request, response, next) => {
    response.setHeader(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), autoplay=(self), ' +
        'picture-in-picture=(self), screen-wake-lock=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()',
    );
    headers(request, response, (error?: unknown) => {
      // The one script that other sites may load.
      if (framed && request.path === '/embed.js')
        response
          .setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
          .setHeader('Access-Control-Allow-Origin', '*');
      next(error);
    });
  };
}

/** What react-aria puts into the page as style elements: when a version changes one, only its comfort is lost. */
const componentStyles = [
  '@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}',
  '@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}',
];

const hashSource = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The Host header is the client's: only what looks like a host gets into a header of ours. */
function sameHostSockets(host: string | undefined): string {
  if (host === undefined || !/^(\[[\da-f:.]+\]|[a-z\d.-]+)(:\d{1,5})?$/iu.test(host)) return "'self'";
  return `ws://${host} wss://${host}`;
}
