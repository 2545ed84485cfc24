declare const PIPESCOPE_VERSION: string | undefined;

/** The product's version, put in by the bundler; `0.0.0-dev` when run from source. */
export const VERSION = typeof PIPESCOPE_VERSION === 'string' ? PIPESCOPE_VERSION : '0.0.0-dev';

/** The WebSocket protocol's version. Client and service must agree on it. */
export const PROTOCOL = 1;

/** The format of exported jobs: what an import has to know. */
export const EXPORT_FORMAT = 1;
