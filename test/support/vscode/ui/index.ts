// What a person does in the workbench and sees there, as functions of a Playwright page. Checked on VS Code 1.96.4 and 1.139.1.
export * from './editors.ts';
export * from './notifications.ts';
export * from './palette.ts';
export * from './sidebar.ts';
export * from './statusBar.ts';
export * from './workbench.ts';
