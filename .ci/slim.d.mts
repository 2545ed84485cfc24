import type { Plugin } from 'esbuild';
export const elements: Plugin;
export const slim: Plugin;
export function definedElements(text: string): string;
export function slimTemplates(text: string): string;
export function slimCss(css: string): string;
export function slimIcons(text: string): string;
export function slimPath(path: string): string;
export function pureDefaults(text: string): string;
