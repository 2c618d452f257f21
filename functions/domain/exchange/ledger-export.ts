import type { LedgerLine } from '../../contracts/assistance/ledger-http.ts';
import type { Worksheet } from './cells.ts';
import { entryWords, giverWords, wordOf } from './column-labels.ts';
import { column, count, date, time, worksheetOf, yuan } from './exports.ts';
import { acceptedWords, entryColumns } from './ledger-columns.ts';
import type { Register } from './table-exports.ts';

/** 帮扶台账 under the headings it comes in with: sent in again, nothing changes. */
export function ledgerOut({ names, households }: Register, items: readonly LedgerLine[]): Worksheet {
  const text = (item: LedgerLine, name: string | undefined): string | null => {
    const value = name === undefined ? undefined : item[name];
    return typeof value === 'string' ? value : null;
  };
  const number = (item: LedgerLine, name: string | undefined): number | null => {
    const value = name === undefined ? undefined : item[name];
    return typeof value === 'number' ? value : null;
  };
  const shared = ({ kind }: LedgerLine) => (kind === 'reversal' ? undefined : entryColumns[kind]);
  const person = (item: LedgerLine) => {
    const id = text(item, 'person');
    return households.get(text(item, 'household') ?? '')?.members.find((member) => member.person === id);
  };
  const columns = [
    column<LedgerLine>('类别', ({ kind }) => (kind === 'reversal' ? '冲销' : wordOf(entryWords, kind))),
    column<LedgerLine>('发生日期', ({ occurredOn }) => date(occurredOn)),
    column<LedgerLine>('地区编码', ({ region }) => region),
    column<LedgerLine>('乡镇', ({ region }) => names.town(region)),
    column<LedgerLine>('行政村', ({ region }) => names.village(region)),
    column<LedgerLine>('户编号', (item) => text(item, 'household')),
    column<LedgerLine>('姓名', (item) => person(item)?.name),
    column<LedgerLine>('身份证号码', (item) => person(item)?.idNumber),
    column<LedgerLine>('名称', (item) => text(item, shared(item)?.what?.[0])),
    column<LedgerLine>('数量', (item) => count(number(item, shared(item)?.count?.[0]))),
    column<LedgerLine>('金额（元）', (item) => yuan(number(item, 'amount'))),
    column<LedgerLine>('补贴月份', (item) => text(item, 'month')),
    column<LedgerLine>('关联台账编号', (item) =>
      text(item, item.kind === 'reversal' ? 'reverses' : shared(item)?.reference?.[0]),
    ),
    column<LedgerLine>('验收结果', (item) =>
      item.kind === 'award-acceptance' ? wordOf(acceptedWords, item['accepted'] === true ? 'yes' : 'no') : null,
    ),
    column<LedgerLine>('基金名称', (item) => text(item, 'fund')),
    column<LedgerLine>('捐赠方', (item) => text(item, 'giver')),
    column<LedgerLine>('捐赠方类别', (item) => wordOf(giverWords, text(item, 'giverKind') ?? '')),
    column<LedgerLine>('资金来源', (item) => text(item, 'funder')),
    column<LedgerLine>('佐证材料', (item) => item.evidence?.join('、')),
    column<LedgerLine>('凭证号', (item) => text(item, 'serial')),
    column<LedgerLine>('备注', (item) => text(item, item.kind === 'reversal' ? 'reason' : 'note')),
    column<LedgerLine>('台账编号', ({ id }) => id),
    column<LedgerLine>('录入时间', ({ recordedAt }) => time(recordedAt)),
  ];
  return worksheetOf('帮扶台账', columns, items);
}
