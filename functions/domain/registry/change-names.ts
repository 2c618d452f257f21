import type { RecordedChange } from './household-changes.ts';

/** What officials call each kind of change. */
export const changeNames: Record<RecordedChange['kind'], string> = {
  register: '登记入册',
  birth: '出生',
  'move-in': '迁入',
  death: '死亡',
  'move-out': '迁出',
  certificate: '登记残疾证',
  correction: '更正登记',
  split: '分户',
  'merge-in': '他户并入',
  cancel: '注销',
};
