import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/**
 * The button of the page, as VS Code draws its own. What names it and what it opens is said on the element and handed on to
 * the native button inside, which is what screen readers and the keyboard meet. Lists and fields are native elements.
 */
@customElement('vscode-button')
export class VscodeButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override styles = css`
    :host {
      display: inline-flex;
      outline: none;
      border-radius: 2px;
      color: var(--vscode-button-foreground, #fff);
      background: var(--vscode-button-background, #0e639c);
      font-family: var(--vscode-font-family, sans-serif);
      font-size: var(--vscode-font-size, 13px);
      line-height: normal;
      fill: currentColor;
      cursor: pointer;
    }
    :host([hidden]) {
      display: none;
    }
    button {
      display: inline-flex;
      flex-grow: 1;
      align-items: center;
      justify-content: center;
      box-sizing: border-box;
      height: inherit;
      margin: 0;
      padding: 4px 11px;
      border: 1px solid var(--vscode-button-border, transparent);
      border-radius: inherit;
      outline: none;
      color: inherit;
      background: transparent;
      font: inherit;
      fill: inherit;
      cursor: inherit;
    }
    .content {
      display: flex;
    }
    ::slotted(svg),
    ::slotted(span) {
      width: 16px;
      height: 16px;
    }
    :host(:hover) {
      background: var(--vscode-button-hoverBackground, #1177bb);
    }
    button:focus-visible {
      outline: 1px solid var(--vscode-focusBorder, #007fd4);
      outline-offset: 2px;
    }
    :host([appearance='secondary']) {
      color: var(--vscode-button-secondaryForeground, #fff);
      background: var(--vscode-button-secondaryBackground, #3a3d41);
    }
    :host([appearance='secondary']:hover) {
      background: var(--vscode-button-secondaryHoverBackground, #45494e);
    }
    :host([appearance='icon']) {
      border-radius: 5px;
      color: var(--vscode-foreground, #ccc);
      background: transparent;
    }
    :host([appearance='icon']:hover) {
      outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
      background: var(--vscode-toolbar-hoverBackground, rgba(90, 93, 94, 0.31));
    }
    :host([appearance='icon']) button {
      padding: 3px;
      border: 0;
    }
    :host([appearance='icon']) button:focus-visible {
      outline-offset: 0;
    }
    :host([disabled]) {
      opacity: 0.4;
      cursor: not-allowed;
    }
    :host([disabled]:not([appearance]):hover) {
      background: var(--vscode-button-background, #0e639c);
    }
    :host([appearance='secondary'][disabled]:hover) {
      background: var(--vscode-button-secondaryBackground, #3a3d41);
    }
    :host([appearance='icon'][disabled]:hover) {
      background: transparent;
    }
  `;
  @property({ type: Boolean, reflect: true }) disabled = false;
  @property({ attribute: 'aria-label' }) private named: string | null = null;
  @property({ attribute: 'aria-pressed' }) private pressed: string | null = null;
  @property({ attribute: 'aria-expanded' }) private expanded: string | null = null;
  @property({ attribute: 'aria-haspopup' }) private opens: string | null = null;

  constructor() {
    super();
    // What stands in the button is no part of the native one, and would be clicked while that is disabled.
    const refuse = (event: Event): void => {
      if (!this.disabled) return;
      event.stopImmediatePropagation();
      event.preventDefault();
    };
    this.addEventListener('click', refuse, { capture: true });
  }

  protected override render(): TemplateResult {
    return html`<button
      part="control"
      type="button"
      ?disabled=${this.disabled}
      aria-label=${this.named ?? nothing}
      aria-pressed=${this.pressed ?? nothing}
      aria-expanded=${this.expanded ?? nothing}
      aria-haspopup=${this.opens ?? nothing}
    >
      <span class="content"><slot></slot></span>
    </button>`;
  }
}

/** The value of a field that fired an event. */
export function valueOf(event: Event): string {
  return (event.currentTarget as EventTarget & { value: string }).value;
}
