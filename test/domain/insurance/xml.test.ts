import { describe, expect, it } from 'vitest';
import { escaped, NotXml, readXml, textAt } from '../../../functions/domain/insurance/xml.ts';

const nested = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;

describe('plain XML', () => {
  it('has elements with attributes and text, whatever stands before them', () => {
    const source =
      '\ufeff <?xml version="1.0" encoding="UTF-8"?>\n<!-- <x> --><x a="1" b = \'two\'>\n<y/><z> 好 </z><z/>\n</x>\n';
    const element = (name: string, text: string) => ({ name, namespace: '', attributes: {}, children: [], text });
    expect(readXml(source)).toEqual({
      ...element('x', '\n\n'),
      attributes: { a: '1', b: 'two' },
      children: [element('y', ''), element('z', ' 好 '), element('z', '')],
    });
    expect([textAt(readXml(source), 'z'), textAt(readXml(source), 'y', 'z')]).toEqual(['好', undefined]);
  });

  it.each([
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#20013;&#x56FD;&#x1f600;', '中国😀'],
    ['&#1;&#1114111;', '\u0001\u{10ffff}'],
    ['&amp;lt;', '&lt;'],
  ])('says %s for “%s”, in text and attributes', (given, meant) => {
    const { text, attributes } = readXml(`<x a="${given}">${given}</x>`);
    expect([text, attributes['a']]).toEqual([meant, meant]);
  });

  it.each([
    '&nbsp;',
    '&lt',
    '&;',
    '&',
    '&#0;',
    '&#1114112;',
    '&#x110000;',
    '&#xD800;',
    '&#x;',
    '&#;',
    '&#12a;',
    '&constructor;',
    '&toString;',
    '&__proto__;',
  ])('knows no entity %s', (given) => {
    for (const source of [`<x>${given}</x>`, `<x a="${given}"/>`])
      expect(() => readXml(source)).toThrow('An entity is not known.');
  });

  it.each([
    ['', 'one root'],
    ['  ', 'one root'],
    ['<x/><y/>', 'one root'],
    ['text<x/>', 'one root'],
    ['<x/>text', 'one root'],
    ['<x>', 'one root'],
    ['<x><y></x>', 'not open'],
    ['</x>', 'not open'],
    ['<x/></>', 'no plain XML'],
    ['<p:x></x>', 'not open'],
    ['<x/></x>', 'not open'],
    ['<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>', 'no plain XML'],
    ['<x><![CDATA[y]]></x>', 'no plain XML'],
    ['<x><?php y?></x>', 'no plain XML'],
    ['<x a=1/>', 'no plain XML'],
    ['<x <y/>', 'no plain XML'],
    ['<x/><!-- open', 'no plain XML'],
    [nested(32), 'too deep'],
  ])('is not %s: %s', (source, why) => {
    expect(() => readXml(source)).toThrow(why);
    expect(() => readXml(source)).toThrow(NotXml);
    expect(new NotXml('').name).toBe('NotXml');
  });

  it('is thirty-one elements deep at most', () => {
    expect(readXml(nested(31)).name).toBe('a');
  });

  it('has prefixes that stand for what was declared, and a default that goes for none', () => {
    const { children, namespace } = readXml('<p:x xmlns:p="1" notxmlns="2" xmlns-p="3"><y/><notxmlns:z/></p:x>');
    expect([namespace, ...children.map((one) => one.namespace)]).toEqual(['1', '', '']);
  });

  it('is written so that it is read again', () => {
    const words = 'a<b>&"c" \'d\' 好\u{1f600}\t\n';
    expect(readXml(`<x a="${escaped(words)}">${escaped(words)}</x>`)).toMatchObject({
      text: words,
      attributes: { a: words },
    });
    expect(escaped('a\u0000\u0008\u001f\ufffe\uffff\ud800b')).toBe('ab');
  });
});
