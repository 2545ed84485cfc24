/** User settings that keep a fresh workbench quiet: no welcome page, no chat, no right side bar, no dialogs. */
export const quietSettings: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'chat.agent.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.showReleaseNotes': false,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'window.autoDetectColorScheme': false,
  'remote.autoForwardPorts': false,
  'files.simpleDialog.enable': true,
  'editor.accessibilitySupport': 'off',
};

/** Theme ids that exist in both versions, with the class the workbench has once they are painted. */
export const themes = {
  light: { id: 'Default Light Modern', workbench: 'vs', webview: 'vscode-light' },
  dark: { id: 'Default Dark Modern', workbench: 'vs-dark', webview: 'vscode-dark' },
  highContrast: {
    id: 'Default High Contrast',
    workbench: 'hc-black',
    webview: 'vscode-high-contrast',
  },
  highContrastLight: {
    id: 'Default High Contrast Light',
    workbench: 'hc-light',
    webview: 'vscode-high-contrast-light',
  },
} as const;

export type ThemeName = keyof typeof themes;
