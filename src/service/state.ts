import type { ErrorCode } from '../../service/protocol/errors.ts';
import type { Endpoint } from './endpoint.ts';

/** What this window knows of the service; every surface paints from here. */
export type ServiceState =
  /** The first look has not ended. */
  | { kind: 'looking' }
  | { kind: 'off' }
  | { kind: 'starting' }
  /** The line broke and is being made anew. */
  | { kind: 'reconnecting'; message: string | undefined }
  | { kind: 'connected'; endpoint: Endpoint; version: string }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'failed'; message: string };
