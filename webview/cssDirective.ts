import { noChange } from 'lit';
import { Directive, directive, type ElementPart, PartType, type PartInfo } from 'lit/directive.js';

type Values = Record<string, string>;

/**
 * Sets CSS properties of an element one by one (`<div ${setCss({ width: '40%' })}>`). A style attribute, which lit's
 * own styleMap writes first, is refused by our Content-Security-Policy.
 */
class CssDirective extends Directive {
  #before: Values = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT)
      throw new Error('setCss() stands in the tag, not in a value.');
  }

  // The work is in `update`; this is the signature that callers see.
  render: (values: Values) => typeof noChange = () => noChange;

  override update(part: ElementPart, [values]: [Values]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const name of Object.keys(this.#before)) if (!(name in values)) style.removeProperty(name);
    for (const [name, value] of Object.entries(values))
      if (this.#before[name] !== value) style.setProperty(name, value);
    this.#before = { ...values };
    return noChange;
  }
}

export const setCss = directive(CssDirective);
