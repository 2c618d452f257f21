import type { EntryKind } from '../../contracts/assistance/ledger-entry.ts';

/** The official words for the kinds of help (docs/domain.md, 7). */
export const entryKindNames: Record<EntryKind, string> = {
  placement: '帮扶就业',
  'unemployed-hired': '登记失业人员吸纳就业',
  'start-up': '帮扶创业',
  training: '技能培训',
  post: '公益性岗位',
  'post-subsidy': '公益性岗位补贴',
  'award-application': '以奖代补申请',
  'award-acceptance': '以奖代补现场验收',
  'award-payment': '以奖代补发放',
  loan: '助农扶农贷款',
  'housing-repair': '修缮住房',
  goods: '发放畜禽物资',
  offspring: '繁育增收',
  'donation-received': '捐款收入',
  'donation-spent': '捐款支出',
  'company-jobs': '社会企业帮助就业创业',
  'team-visit': '工作队走访',
};
