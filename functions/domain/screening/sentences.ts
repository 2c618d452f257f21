import type { Signal } from '../../contracts/screening/triage.ts';

/** Fen as yuan for a sentence, two places, `1234.50`. */
function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const abs = Math.abs(fen);
  const cents = abs % 100;
  return `${sign}${(abs - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`;
}

/**
 * The Chinese sentence that explains a signal to an official. Made when read, never stored: stored are id, observed value
 * and threshold. Names no person and no illness beyond what the rule's name says.
 */
export function sentenceOf({ id, observed, threshold }: Signal): string {
  const seen = Number(observed);
  const limit = Number(threshold);
  switch (id) {
    case 'INCOME_BELOW_LINE':
      return `人均参考收入 ${yuan(seen)} 元，低于监测线 ${yuan(limit)} 元。`;
    case 'INCOME_NEAR_LINE':
      return `人均参考收入 ${yuan(seen)} 元，接近监测线（低于 ${yuan(limit)} 元）。`;
    case 'INCOME_COLLAPSE':
      return `人均参考收入骤降至 ${yuan(seen)} 元，低于上次的预警值 ${yuan(limit)} 元。`;
    case 'RIGID_SPENDING':
      return `自付刚性支出 ${yuan(seen)} 元，达到收入预警值 ${yuan(limit)} 元。`;
    case 'FOOD_UNSAFE':
      return '吃饭没有保障。';
    case 'CLOTHING_UNSAFE':
      return '穿衣没有保障。';
    case 'EDUCATION_UNSAFE':
      return '义务教育没有保障。';
    case 'MEDICAL_UNSAFE':
      return '基本医疗没有保障。';
    case 'HOUSING_UNSAFE':
      return '住房安全没有保障。';
    case 'WATER_UNSAFE':
      return '饮水安全没有保障。';
    case 'OPEN_CASE':
      return '本户现为监测对象，风险尚未消除。';
    case 'SERIOUS_ILLNESS':
      return `家中有 ${seen} 人患大病。`;
    case 'CHRONIC_BURDEN':
      return `家中有慢性病人，自付医疗费 ${yuan(seen)} 元，达到 ${yuan(limit)} 元。`;
    case 'SEVERE_DISABILITY':
      return `家中有 ${seen} 人为一、二级残疾。`;
    case 'NO_LABOUR':
      return '全家没有劳动力。';
    case 'SOLE_EARNER':
      return `全家只有一名劳动力，供 ${seen} 人上学。`;
    case 'RECENT_SHOCK':
      return `近期遭遇 ${seen} 项突发变故。`;
  }
}
