import type { CoverCheck } from '../../functions/contracts/insurance/claim.ts';
import { codes } from './codes.ts';

/** What a check of the cover looked at, in a sentence: the family is told days and what they were held against. */
export function coverSentence({ check, observed, required }: CoverCheck, language: 'zh' | 'en'): string {
  const zh = language === 'zh';
  const [from = '', to = ''] = (required ?? '').split('/');
  switch (check) {
    case 'line': {
      const names: Readonly<Record<string, readonly [string, string]>> = codes.line;
      const name = names[observed ?? '']?.[zh ? 0 : 1] ?? observed ?? '';
      return zh ? `责任：${name}` : `Line: ${name}`;
    }
    case 'period':
      return zh
        ? `出险 ${observed}，保险期间 ${from} 至 ${to}`
        : `Event on ${observed}, period of the policy ${from} to ${to}`;
    case 'insured':
      return zh ? '按证件号码核对参保名册' : 'Looked up on the roster by ID number';
    case 'alive':
      if (observed === null) return zh ? `出险 ${from}，无死亡登记` : `Event on ${from}, no death recorded`;
      return zh ? `出险 ${from}，登记死亡 ${observed}` : `Event on ${from}, death recorded on ${observed}`;
    case 'enrolled':
      if (from === '') return zh ? `出险 ${observed}，无参保记录` : `Event on ${observed}, never enrolled`;
      if (to === '') return zh ? `出险 ${observed}，${from} 起参保` : `Event on ${observed}, enrolled from ${from} on`;
      return zh ? `出险 ${observed}，参保 ${from} 至 ${to}` : `Event on ${observed}, enrolled from ${from} to ${to}`;
    case 'waiting':
      if (required === null) return zh ? `出险 ${observed}，无等待期` : `Event on ${observed}, nothing to wait for`;
      return zh ? `出险 ${observed}，${required} 起承担责任` : `Event on ${observed}, covered from ${required} on`;
  }
}
