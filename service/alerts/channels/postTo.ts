import type { ChannelKind } from '../../protocol/channel.ts';
import { ChannelError } from './error.ts';
import type { Means, Sending } from './kind.ts';
import { judgeAnswer } from './network/answer.ts';
import { urlFault } from './urlRules.ts';

export interface Posted {
  url: string;
  method?: 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  contentType?: string;
  body: string;
}

/** Posts a body and judges the answer. Resolves to what was said; rejects with ChannelError. */
export async function postTo<K extends ChannelKind>(
  { channel, signal }: Sending<K>,
  means: Means,
  { url: text, method = 'POST', headers = {}, contentType = 'application/json', body }: Posted,
): Promise<string> {
  const { settings } = channel;
  const allowPrivate = 'allow_private' in settings && settings.allow_private;
  // Addresses out of the environment were never looked at before.
  const fault = urlFault(text, { allowPrivate });
  if (fault !== null)
    throw new ChannelError(`The address of the channel is not valid. ${fault}`, {
      permanent: true,
    });
  const url = new URL(text);
  const sent = { ...headers, 'content-type': contentType };
  const answer = await means.network.post(
    { url, method, headers: sent, body, allowPrivate },
    signal,
  );
  return judgeAnswer(answer, url.host, means.now());
}
