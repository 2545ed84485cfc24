/** What an answer means for the notification. Pure. */
import { ChannelError } from '../error.ts';
import { oneLine } from '../plainText.ts';
import type { Answer } from './request.ts';

/** Asked to wait longer, it is tried again all the same: the outbox gives up by its own clock. */
const MAX_RETRY_AFTER_MS = 3_600_000;
const SHOWN = 200;
/** Standard Webhooks: 410 says that nobody wants more of them. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'It does not understand the message.',
  401: 'Check the secret of the channel.',
  403: 'Check the secret of the channel, and what it may do there.',
  404: 'There is nothing at this address. Check it.',
  405: 'It takes no such requests. Check the address.',
  410: 'It wants no more messages. Make a new address there.',
  413: 'The message is too large for it.',
};
const RETRIED = new Set([408, 425, 429]);

/** Returns what the other side said, as a sentence. Throws ChannelError for everything but 2xx. */
export function judgeAnswer(answer: Answer, host: string, now: number): string {
  const { status } = answer;
  if (status >= 200 && status < 300) return `${host} answered ${status}${said(answer)}.`;
  const heading = `${host} answered ${status}`;
  if (status >= 300 && status < 400) throw redirected(answer, heading);
  if (RETRIED.has(status) || status >= 500)
    throw new ChannelError(`${heading}${said(answer)}. It is tried again.`, {
      retryAfterMs: retryAfter(answer, now),
    });
  const advice = ADVICE[status] ?? 'Check the settings of the channel.';
  throw new ChannelError(`${heading}${said(answer)}. ${advice}`, { permanent: true });
}

function said({ text }: Answer): string {
  // A page says nothing in its first lines.
  if (/^\s*</.test(text)) return '';
  const line = oneLine(text, SHOWN).replace(/[.\s]+$/, '');
  return line === '' ? '' : `: ${line}`;
}

/** The address it leads to may be as secret as the one that was asked: its host is enough to know what happened. */
function redirected({ location }: Answer, heading: string): ChannelError {
  const to = location !== undefined && URL.canParse(location) ? new URL(location).host : '';
  const where = to === '' ? 'another address' : to;
  return new ChannelError(
    `${heading}, a redirect to ${where}. Redirects are not followed: give the channel the final address.`,
    { permanent: true },
  );
}

/** Seconds or a date, in milliseconds from now; undefined where it is neither. */
export function retryAfter(
  { status, retryAfter: header }: Pick<Answer, 'status' | 'retryAfter'>,
  now: number,
): number | undefined {
  if (header === undefined || (status !== 429 && status !== 503)) return undefined;
  const isSeconds = /^\s*\d{1,9}(\.\d{1,6})?\s*$/.test(header);
  const ms = isSeconds ? Number(header) * 1000 : Date.parse(header) - now;
  if (!Number.isFinite(ms)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.round(ms)));
}
