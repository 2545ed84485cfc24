/**
 * The only file that knows the toolkit: @vscode/webview-ui-toolkit is no longer developed, and can be replaced here.
 * Elements write `<vscode-button>`; the tag is defined when this file is loaded. Lists and fields are native elements, which
 * cost the page nothing.
 */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton());

/** The value of a field that fired an event. */
export function valueOf(event: Event): string {
  return (event.currentTarget as EventTarget & { value: string }).value;
}
