import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { villageCode } from '../../../functions/contracts/regions.ts';
import { findingState } from '../../../functions/contracts/reports/quality-finding.ts';
import { qualityRule, qualitySeverity } from '../../../functions/contracts/reports/quality-rule.ts';
import { type Answer, call, mayCall, usePages } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { day } from '../../ui/format.ts';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { englishFindings } from '../../words/english-findings.ts';
import { englishRules } from '../../words/english-rules.ts';
import { fill, type Language, useWords } from '../../words/language.tsx';

const view = z.object({
  severity: qualitySeverity.optional(),
  rule: qualityRule.optional(),
  village: villageCode.optional(),
  state: z.enum([...findingState.options, 'all']).optional(),
});
type Finding = Answer<'listFindings'>['items'][number];

/** What in the data cannot be right or should be looked at, worked off by correcting it or by saying why it is right. */
export function Quality() {
  const { w, of, language } = useWords();
  const me = useMe();
  const region = useRegion();
  const name = useRegionNames();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [{ severity, rule, village, state }, setView] = useView(view);
  const [explaining, setExplaining] = useState<Finding>();
  const { pages, first, items } = usePages('listFindings', {
    query: { region, severity, rule, village, state, limit: 100 },
  });
  const check = useMutation({
    mutationFn: async () => {
      let after: string | undefined;
      let found = 0;
      let corrected = 0;
      do {
        const run = await call('checkQuality', { body: { region, ...(after === undefined ? {} : { after }) } });
        found += run.found;
        corrected += run.corrected;
        after = run.next;
      } while (after !== undefined);
      return { found, corrected };
    },
    onSuccess: (run) => {
      void message.success(fill(w.checked, run));
      void client.invalidateQueries({ queryKey: ['listFindings'] });
    },
    onError: problem,
  });
  const ruleName = (one: string, zh: string): string =>
    language === 'zh' ? zh : (englishRules[qualityRule.parse(one)] ?? one);
  return (
    <Page
      title={w.quality}
      about={
        first?.bySeverity === undefined
          ? undefined
          : `${first.total} ${w.casesUnit} · ${of('severity', 'serious')} ${first.bySeverity.serious}`
      }
      actions={
        mayCall(me, 'checkQuality') ? (
          <Button size="small" loading={check.isPending} onClick={() => check.mutate()}>
            {w.checkNow}
          </Button>
        ) : null
      }
    >
      <div className="filters">
        <Segmented
          size="small"
          value={state ?? 'open'}
          options={[...findingState.options, 'all' as const].map((value) => ({
            value,
            label: of('findingState', value),
          }))}
          onChange={(value) => setView({ state: value === 'open' ? undefined : value })}
        />
        <Segmented
          size="small"
          value={severity ?? 'all'}
          options={[
            { value: 'all', label: w.allOf },
            ...qualitySeverity.options.map((value) => ({ value, label: of('severity', value) })),
          ]}
          onChange={(value) => setView({ severity: value === 'all' ? undefined : value })}
        />
        <Select
          size="small"
          aria-label={w.rule}
          value={rule ?? 'all'}
          style={{ minWidth: 260 }}
          options={[
            { value: 'all', label: w.allOf },
            ...(first?.byRule ?? []).map((one) => ({
              value: one.rule,
              label: `${ruleName(one.rule, one.name)} ${one.count}`,
            })),
          ]}
          onChange={(value) => setView({ rule: value === 'all' ? undefined : value })}
        />
      </div>
      <div className="block">
        <Answered to={pages} empty={() => items.length === 0}>
          {() => (
            <List<Finding>
              copy
              rowKey="id"
              dataSource={items}
              columns={[
                {
                  title: w.severity,
                  render: (_value, one) => (
                    <span className={one.severity === 'serious' ? 'badge risk' : 'badge'}>
                      {of('severity', one.severity)}
                    </span>
                  ),
                },
                {
                  title: w.rule,
                  render: (_value, one) => (
                    <span title={language === 'zh' ? one.explanation : englishFindings[one.rule].why}>
                      {ruleName(one.rule, one.name)}
                    </span>
                  ),
                },
                { title: w.region, render: (_value, one) => name(one.region, true) },
                {
                  title: w.household,
                  render: (_value, { subject }) =>
                    subject.household === undefined ? '' : <HouseholdLink id={subject.household} />,
                },
                { title: w.content, width: 320, render: (_value, one) => said(one, language) },
                { title: w.foundAt, className: 'number', render: (_value, one) => day(one.foundAt) },
                {
                  title: w.status,
                  render: (_value, one) =>
                    one.state === 'open' ? (
                      mayCall(me, 'explainFinding') ? (
                        <Button size="small" type="link" onClick={() => setExplaining(one)}>
                          {w.explain}
                        </Button>
                      ) : (
                        of('findingState', one.state)
                      )
                    ) : (
                      <span title={one.resolved?.reason}>{of('findingState', one.state)}</span>
                    ),
                },
              ]}
            />
          )}
        </Answered>
        <More of={pages} />
      </div>
      {explaining === undefined ? null : <Explain finding={explaining} close={() => setExplaining(undefined)} />}
    </Page>
  );
}

/** What was observed, in a sentence. */
function said({ rule, observed, message }: Finding, language: Language): string {
  return language === 'zh' ? message : englishFindings[rule].sentence(observed);
}

function Explain({ finding, close }: { finding: Finding; close: () => void }) {
  const { w, language } = useWords();
  return (
    <ReasonDialog
      title={w.explain}
      about={said(finding, language)}
      act={(reason) => call('explainFinding', { params: { id: finding.id }, body: { reason } })}
      close={close}
    />
  );
}
