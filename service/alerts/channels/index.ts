/** Channels: where alerts are told. */
export { ChannelBook } from './book.ts';
export { Channels } from './channels.ts';
export { ChannelError } from './error.ts';
export { parseChannel } from './parse.ts';
export {
  type ChannelRecordParts,
  type Deliveries,
  channelRecord,
  channelRecords,
} from './records.ts';
export { parseSecrets, type SecretValues } from './secretRules.ts';
export { Secrets } from './secrets.ts';
