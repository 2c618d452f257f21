import { registryCodes } from '../../console/words/codes/registry.ts';
import { screeningCodes } from '../../console/words/codes/screening.ts';
import { named, type Said } from '../app/words.ts';
import type { Form } from '../keep/forms.ts';
import { amountNames, amounts } from '../rules/answers.ts';
import type { WorkItem } from '../rules/judge.ts';
import { conditionsOf, memberSaid } from '../rules/names.ts';
import { saidYuan } from '../send/conflicts.ts';

/** Everything that was filled in, line by line: where it can no longer be sent it is read from here. @param item its household, where the list has it */
export function linesOfForm({ answers, household, title }: Form, item: WorkItem | undefined): [Said, Said][] {
  switch (answers.kind) {
    case 'visit': {
      const { visit } = answers;
      return [
        [['入户日期', 'Visited on'], visit.visitedOn],
        ...amounts.map((name): [Said, Said] => [amountNames[name], saidYuan(visit.amounts[name] ?? '')]),
        ...conditionsOf(visit),
        [['成员', 'Members'], String(visit.members.length)],
        ...visit.members.map((member, place): [Said, Said] => {
          const known = item?.household.members.find(({ person }) => person === member.person);
          const number = `${place + 1}`;
          return [
            [
              `成员 ${number}${known === undefined ? '' : `：${known.name}`}`,
              `Member ${number}${known === undefined ? '' : `: ${known.name}`}`,
            ],
            memberSaid(member),
          ];
        }),
        ...(visit.note.trim() === '' ? [] : [[['备注', 'Note'], visit.note] satisfies [Said, Said]]),
      ];
    }
    case 'missed':
      return [
        [['户', 'Household'], title],
        [['原因', 'Reason'], named(screeningCodes.missed, answers.reason)],
      ];
    case 'call':
      return [
        [['日期', 'Day'], answers.on],
        [['情况', 'What was seen'], answers.note],
      ];
    case 'clue':
      return [[['发现', 'Seen'], answers.reason]];
    case 'measure':
      return [
        [['措施', 'Measure'], answers.name],
        [answers.to === 'completed' ? ['完成日期', 'Completed on'] : ['开始日期', 'Begun on'], answers.on],
        ...(answers.to === 'completed' ? [[['凭据', 'Papers'], answers.evidence] satisfies [Said, Said]] : []),
      ];
    case 'death':
      return [
        [['死亡', 'Death of'], answers.name],
        [['日期', 'Day'], answers.on],
      ];
    case 'birth':
      return [
        [['出生', 'Birth of'], answers.name],
        [['证件号码', 'ID number'], answers.idNumber],
        [['日期', 'Day'], answers.on],
        [['与户主关系', 'Relation to the head'], registryCodes.relation[answers.relation]],
        [['户', 'Household'], household.slice(13)],
      ];
  }
}
