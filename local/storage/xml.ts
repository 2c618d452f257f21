/** An element of XML, its contents given as text, as elements, or several times as a list. */
export type Element = string | number | boolean | { readonly [name: string]: Element | readonly Element[] | undefined };

/** A document as S3 writes it. */
export function document(root: string, contents: Element, namespace = true): Buffer {
  const open = namespace ? `${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"` : root;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<${open}>${written(contents)}</${root}>`);
}

function written(element: Element): string {
  if (typeof element !== 'object') return escaped(String(element));
  return Object.entries(element)
    .flatMap(([name, value]) =>
      value === undefined ? [] : isList(value) ? value.map((each) => [name, each] as const) : [[name, value] as const],
    )
    .map(([name, value]) => `<${name}>${written(value)}</${name}>`)
    .join('');
}

function isList(value: Element | readonly Element[]): value is readonly Element[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
