/**
 * The only file that knows the toolkit: @vscode/webview-ui-toolkit is no longer developed, and can be replaced here.
 * Elements write `<vscode-button>` and so on; the tags are defined when this file is loaded.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption());

/** The value of a toolkit field or dropdown that fired an event. */
export function valueOf(event: Event): string {
  return (event.currentTarget as EventTarget & { value: string }).value;
}
