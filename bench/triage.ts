import { illustrativeCriteria } from '../demo/criteria.ts';
import { demoDivisions, demoHouseholds } from '../demo/district/households.ts';
import { demoVisit } from '../demo/district/visits.ts';
import { sentenceOf } from '../functions/domain/screening/sentences.ts';
import { thresholdsOf } from '../functions/domain/screening/thresholds.ts';
import { triage } from '../functions/domain/screening/triage.ts';
import { alternate, type Bench, figure } from './measure.ts';
import { factsOf, jsonRulesEngine, zenEngine } from './triage-peers.ts';

const DAY = '2023-10-12';

/** Triage of the demonstration's visits with their sentences, beside two rule engines that answer only the class. */
export const triageBench: Bench = {
  about: '研判：演示区 10,369 户，含说明语句，单核，与 json-rules-engine、zen-engine 并列',
  async run() {
    const visits = demoHouseholds(demoDivisions()).flatMap((household) => {
      const made = demoVisit(
        household,
        '2023Q4',
        DAY,
        household.members.map((_, place) => `p-${String(place).padStart(16, '0')}`),
      );
      return 'visit' in made ? [made.visit] : [];
    });
    const thresholds = thresholdsOf(illustrativeCriteria, DAY, '440904');
    const facts = { origin: 'lifted', openCase: false } as const;
    const peerFacts = visits.map((visit) => factsOf(visit, thresholds));
    const [rules, zen] = [jsonRulesEngine(thresholds), zenEngine(thresholds)];

    for (const [place, visit] of visits.entries()) {
      const own = triage(visit, facts, thresholds).class;
      const given = peerFacts[place] ?? {};
      const [byRules, byZen] = [await rules(given), await zen(given)];
      if (own !== byRules || own !== byZen)
        throw new Error(`Visit ${place}: ${own}, json-rules-engine ${byRules}, zen-engine ${byZen}.`);
    }
    console.log(`${visits.length} 次入户：三者分类一致`);

    /** Ours is so much faster that one pass is too short to time: each timed run repeats it. */
    const passes = 40;
    let characters = 0;
    const ours = () => {
      for (let pass = 0; pass < passes; pass += 1) {
        for (const visit of visits)
          for (const signal of triage(visit, facts, thresholds).signals) characters += sentenceOf(signal).length;
      }
    };
    const each = async (judge: (given: (typeof peerFacts)[number]) => Promise<unknown>) => {
      for (const given of peerFacts) await judge(given);
    };
    const seconds = await alternate({ ours, rules: () => each(rules), zen: () => each(zen) });
    if (characters === 0) throw new Error('No sentence was built.');
    const perSecond = (visits.length * passes) / (seconds['ours'] ?? Number.NaN);
    const peer = (name: string) => visits.length / (seconds[name] ?? Number.NaN);
    console.log(
      `每秒：守望 ${Math.round(perSecond)}，json-rules-engine ${Math.round(peer('rules'))}，zen-engine ${Math.round(peer('zen'))}（五轮交替，取中位数）`,
    );
    return [
      figure('triage.perSecond', perSecond, 'households/s', { least: 2_000_000 }),
      figure('triage.ratioToJsonRulesEngine', perSecond / peer('rules'), '×', { least: 100 }),
      figure('triage.ratioToZenEngine', perSecond / peer('zen'), '×', { least: 50 }),
    ];
  },
};
