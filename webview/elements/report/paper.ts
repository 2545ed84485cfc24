import { LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { shared } from '../shared/styles.ts';

/** A light theme: VS Code's variables without `--vscode-`. */
const LIGHT = {
  'font-family': 'system-ui, sans-serif',
  foreground: '#1f2328',
  descriptionForeground: '#57606a',
  contrastBorder: ' ',
  'editor-background': '#fff',
  'editorWidget-background': '#f6f8fa',
  'editorWidget-border': '#afb8c1',
  'panel-border': '#d8dee4',
  focusBorder: '#0969da',
  'list-hoverBackground': '#f0f2f4',
  'list-errorForeground': '#b01011',
  'testing-iconPassed': '#2b8a4f',
  'testing-iconFailed': '#d1242f',
  'charts-lines': '#8c959f',
  'charts-red': '#d1242f',
  'charts-blue': '#1a85ff',
  'charts-yellow': '#bf8803',
  'charts-orange': '#bc6c00',
  'charts-green': '#388a34',
  'charts-purple': '#652d90',
};

/** Nothing to see: an element whose colours and font are those of paper, for what is drawn for it. */
@customElement('pipescope-paper')
export class PipescopePaper extends LitElement {
  static override styles = shared;

  override connectedCallback(): void {
    super.connectedCallback();
    const { style } = this;
    for (const [name, value] of Object.entries(LIGHT)) style.setProperty(`--vscode-${name}`, value);
    style.color = LIGHT.foreground;
    style.fontFamily = LIGHT['font-family'];
    style.display = 'none';
  }
}
