import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { Loaded } from '../../loadState.ts';
import type { Content } from './region.ts';

/** What an answer looks like in each of its states: the skeleton while it is loading, why it failed and `Try Again`, or the content. */
export function loaded<T>(
  load: { readonly state: Loaded<T>; retry(): void },
  parts: { skeleton: Content; content: (value: T) => Content },
): Content {
  const { state } = load;
  switch (state.kind) {
    case 'loading':
      return parts.skeleton;
    case 'failed':
      return failure(state.message, () => load.retry());
    case 'ready':
      return html`${
        state.message === null ? '' : failure(state.message, () => load.retry())
      }${parts.content(state.value)}`;
  }
}

export function failure(message: string, retry: () => void): TemplateResult {
  return html`<p class="failure" role="alert">
    <span>${message}</span>
    <vscode-button appearance="secondary" @click=${retry}>${t('Try Again')}</vscode-button>
  </p>`;
}
