/** Failures of connections as sentences. Only the host is named: of some channels the rest of the address is secret. */
import { codeOf } from '../../../storage/fileSystem.ts';
import { ChannelError } from '../error.ts';

type Sentence = (host: string) => string;

const UNKNOWN_ISSUER: Sentence = (host) =>
  `The certificate of ${host} is signed by nobody that is trusted here. Name its authority in NODE_EXTRA_CA_CERTS before the service starts.`;
const NO_TLS: Sentence = (host) =>
  `${host} does not speak TLS as expected. Check the port, and whether the address begins with http:// or https://.`;
const TIMED_OUT: Sentence = (host) =>
  `${host} did not answer in time. See whether it runs and can be reached.`;
const UNREACHABLE: Sentence = (host) => `There is no way to ${host}. Check the network.`;
const RESET: Sentence = (host) => `${host} closed the connection without an answer.`;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: (host) =>
    `${host} refused the connection. See whether it runs, and check the port.`,
  ...{ ECONNRESET: RESET, EPIPE: RESET, ECONNECTION: RESET },
  ...{ ETIMEDOUT: TIMED_OUT, ESOCKETTIMEDOUT: TIMED_OUT },
  ...{ EHOSTUNREACH: UNREACHABLE, ENETUNREACH: UNREACHABLE, ENETDOWN: UNREACHABLE },
  EHOSTDOWN: UNREACHABLE,
  CERT_HAS_EXPIRED: (host) => `The certificate of ${host} has expired. It has to be renewed there.`,
  CERT_NOT_YET_VALID: (host) =>
    `The certificate of ${host} is not valid yet. Check the clocks of both machines.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (host) =>
    `The certificate of ${host} is for another name. Use the name that it is for.`,
  ...{ DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER, SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER },
  ...{ UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER, CERT_UNTRUSTED: UNKNOWN_ISSUER },
  ...{
    UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  },
  CERT_REVOKED: (host) => `The certificate of ${host} was revoked. It has to be renewed there.`,
  ...{ EPROTO: NO_TLS, ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS },
  HPE_HEADER_OVERFLOW: (host) => `The answer of ${host} has too many headers.`,
};

/** The sentence of a failed connection; undefined for what is none. */
export function connectionSentence(error: unknown, host: string): string | undefined {
  const code = causeCode(error);
  const sentence = SENTENCES[code]?.(host);
  if (sentence !== undefined) return sentence;
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return `No TLS connection to ${host} came about (${code}).`;
  return code.startsWith('HPE_') ? `The answer of ${host} is no HTTP (${code}).` : undefined;
}

export function networkError(error: unknown, host: string): ChannelError {
  if (error instanceof ChannelError) return error;
  const code = causeCode(error);
  const sentence =
    connectionSentence(error, host) ?? `The connection to ${host} failed (${code || 'no reason'}).`;
  return new ChannelError(sentence, { cause: error });
}

/** Where several addresses were tried, the reason of the first that says one. */
function causeCode(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf).filter((code) => code !== '');
    return codes[0] ?? codeOf(error);
  }
  const code = codeOf(error);
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return code === '' && cause !== undefined ? codeOf(cause) : code;
}
