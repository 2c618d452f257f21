import { Button, Form, type FormInstance, Input, Select } from 'antd';
import { useMe } from '../../app/me.ts';
import { NumberInput, YuanInput } from '../../ui/number.tsx';
import { useWords } from '../../words/language.tsx';
import { useLineRegion } from './line-region.ts';
import type { Terms } from './rehearsal.tsx';

type Line = Terms['lines'][number];

/** The monitoring lines, one for a year and a region: another year's is added here, and says where it was published. */
export function LineFields({ form }: { form: FormInstance<Terms> }) {
  const { w, of } = useWords();
  const me = useMe();
  const lineRegion = useLineRegion();
  const needed = [{ required: true, message: w.needed }];
  // What is named in the lines already stays choosable, whatever it is.
  const given = form.getFieldValue('lines') ?? [];
  const regions = [...new Set([...regionsAbove(me.region), ...given.map(({ region }: Line) => region)])].toSorted();
  return (
    <Form.List name="lines">
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <div key={key} className="decide-fields line-fields">
              <Form.Item name={[name, 'year']} label={w.lineYear} rules={needed}>
                <NumberInput min={2020} max={2100} precision={0} style={{ width: '100%' }} />
              </Form.Item>
              <Form.Item name={[name, 'region']} label={w.lineRegion} rules={needed}>
                <Select options={regions.map((value) => ({ value, label: lineRegion(value) }))} />
              </Form.Item>
              <Form.Item name={[name, 'line']} label={w.line} rules={needed}>
                <YuanInput min={0.01} />
              </Form.Item>
              <Form.Item name={[name, 'status']} label={w.lineStatus} rules={needed}>
                <Select
                  options={(['official', 'illustrative'] as const).map((value) => ({
                    value,
                    label: of('lineStatus', value),
                  }))}
                />
              </Form.Item>
              <Form.Item
                name={[name, 'source']}
                label={w.lineSource}
                rules={[{ required: true, whitespace: true, message: w.needed }]}
              >
                <Input maxLength={200} placeholder={w.lineSourceExample} />
              </Form.Item>
              <Form.Item label=" ">
                <Button disabled={fields.length === 1} onClick={() => remove(name)}>
                  {w.removeOne}
                </Button>
              </Form.Item>
            </div>
          ))}
          <Button
            size="small"
            style={{ marginBottom: 12 }}
            onClick={() => add(lineAfter(form.getFieldValue('lines') ?? [], me.region))}
          >
            {w.addLine}
          </Button>
        </>
      )}
    </Form.List>
  );
}

/** Province, prefecture and district of a division. */
function regionsAbove(region: string): string[] {
  return [2, 4, 6].map((digits) => region.slice(0, digits));
}

/** The next year's line, of the region the last one is of: its amount and source are somebody's to look up. */
function lineAfter(lines: readonly Partial<Line>[], district: string): Partial<Line> {
  const years = lines.flatMap(({ year }) => (typeof year === 'number' ? [year] : []));
  return {
    ...(years.length === 0 ? {} : { year: Math.max(...years) + 1 }),
    region: lines.at(-1)?.region ?? district.slice(0, 2),
    status: 'official',
  };
}
