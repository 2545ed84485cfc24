import { oneLine } from './plainText.ts';
import type { Sender } from './kind.ts';
import { measured, moreText, titleOf, utc } from './texts.ts';

/** One line a notification, for who looks at the terminal of the service. */
export const sendToConsole: Sender<'console'> = ({ content }, { writeLine }) => {
  const [first] = content.alerts;
  const only = content.alerts.length === 1 ? first : undefined;
  const parts = [
    titleOf(content),
    only && only.description !== content.summary ? only.description : null,
    only ? measured(only) : null,
    moreText(content),
  ];
  const text = parts.filter((part) => part !== null && part !== '');
  writeLine(`${utc(content.created_at)} ${oneLine(text.join(' - '), 1000)}\n`);
  return Promise.resolve('It is on the standard error of the service.');
};
