/** Failures of mail servers as sentences. */
import { codeOf } from '../../storage/fileSystem.ts';
import { ChannelError } from './error.ts';
import { connectionSentence } from './network/networkErrors.ts';
import { oneLine } from './plainText.ts';

/** Codes of SMTP: 4yz may go well later, 5yz will not. RFC 5321, 4.2.1. */
export function mailError(error: unknown, host: string): ChannelError {
  if (error instanceof ChannelError) return error;
  const { response = '', responseCode = 0, message = '' } = asSmtpError(error);
  const said = response === '' ? '' : ` It said: ${oneLine(response, 200)}`;
  const permanent = responseCode >= 500;
  const code = codeOf(error);
  const failed = (sentence: string, isPermanent = permanent) =>
    new ChannelError(`${sentence}${said}`, { permanent: isPermanent, cause: error });
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return failed(`${host} did not accept user and password. Check both in the channel.`);
  if (isWithoutTls(code, message))
    return failed(
      `${host} offers no STARTTLS. Choose tls, and its port, or another server.`,
      responseCode === 0 || permanent,
    );
  if (code === 'EENVELOPE')
    return failed(`${host} did not take the sender or a receiver. Check the mail addresses.`);
  const connection = connectionSentence(tlsCause(error), host);
  if (connection !== undefined && responseCode === 0) return failed(connection);
  if (responseCode > 0) return failed(`${host} did not take the mail.`);
  return failed(`The mail could not be given to ${host}: ${oneLine(message, 200)}.`);
}

interface SmtpError {
  response?: string;
  responseCode?: number;
  message?: string;
}

function asSmtpError(error: unknown): SmtpError {
  return typeof error === 'object' && error !== null ? error : {};
}

function isWithoutTls(code: string, message: string): boolean {
  return code === 'ETLS' && /STARTTLS/i.test(message) && !/certificate|handshake/i.test(message);
}

/** Nodemailer gives errors of TLS a code of its own; the reason is in what caused them, or in the words. */
function tlsCause(error: unknown): unknown {
  const { message = '' } = asSmtpError(error);
  const known = TLS_WORDS.find(([words]) => words.test(message))?.[1];
  return known === undefined ? error : Object.assign(new Error(message), { code: known });
}

const TLS_WORDS: readonly [RegExp, string][] = [
  [/self[- ]signed certificate/i, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/unable to verify|unable to get (local )?issuer/i, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/certificate has expired/i, 'CERT_HAS_EXPIRED'],
  [/altname|does not match certificate/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/wrong version number|packet length/i, 'EPROTO'],
];
