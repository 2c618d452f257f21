import { type Play, type Script, WAIT } from './playing-machines.ts';

/** What the function that is asked answers, one after the other; a turn each. */
function asked(answers: readonly object[]): Script[string] {
  return (turn) => ({ turn, waitSeconds: WAIT, ...answers[turn] });
}

/** How each wait ends, one after the other. */
function waits(...ends: ('sent' | 'left' | 'over')[]): Script[string] {
  return (n) => ends[n] ?? 'sent';
}

const nothing: Script[string] = () => ({});

/** Each step decided, left lying, and decided before it was asked; notice and objections likewise. */
function ladder(outcome: string): Script {
  const nexts = ['decide', 'decide', 'decide', 'publish', 'stand', 'answer', 'answer', 'answer', 'conclude'];
  return {
    WhatStandsNext: asked([...nexts.map((next) => ({ next, outcome: null })), { next: 'end', outcome }]),
    AwaitDecision: waits('sent', 'left', 'over', 'sent', 'left', 'over'),
    WatchClock: nothing,
    PublishNotice: nothing,
    ConcludeNotice: nothing,
  };
}

function claim(stage: string): Script {
  const nexts = ['check', 'wait', 'wait', 'wait', 'adjudicate', 'close'];
  return {
    ClaimNext: asked([...nexts.map((next) => ({ next, stage: 'registered' })), { next: 'end', stage }]),
    CheckCover: nothing,
    AwaitClaimStep: waits('sent', 'left', 'over'),
    AdjudicateClaim: nothing,
    CloseClaim: nothing,
    WatchClaim: nothing,
  };
}

/** A round that lags, waits, and is sealed; 21 villages make two children of each map. */
function round(outcome: string): Script {
  const villages = Array.from({ length: 21 }, (_, n) => `v${n}`);
  const steps = ['remind', 'wait', 'seal'];
  return {
    OpenRound: () => ({ outcome, round: '2023Q4', villages, waitSeconds: WAIT }),
    AwaitEarlySeal: waits('left', 'left', 'sent'),
    CheckCoverage: (n) => ({ step: steps[n], waitSeconds: WAIT }),
    RemindVillages: nothing,
    SealVillages: () => ({ villages: 1, rows: 1 }),
    JudgeAndSeal: nothing,
    StartAdmissions: () => ({ villages: 1, candidates: 1, started: 1 }),
    PublishBrief: nothing,
    CheckQuality: () => ({ villages: 1, found: 1, corrected: 0 }),
  };
}

/** Between them they come through every state of every machine by every way; `machines.test.ts` asks the template. */
export const plays: readonly Play[] = [
  { workflow: 'case-admission', name: 'approved', script: ladder('approved') },
  { workflow: 'case-admission', name: 'rejected', script: ladder('rejected') },
  { workflow: 'case-closure', name: 'approved', script: ladder('approved') },
  { workflow: 'case-closure', name: 'rejected', script: ladder('rejected') },
  { workflow: 'claim-settlement', name: 'paid', script: claim('closed') },
  { workflow: 'claim-settlement', name: 'rejected', script: claim('rejected') },
  { workflow: 'quarterly-screening', name: 'sealed', script: round('opened') },
  { workflow: 'quarterly-screening', name: 'carried by another', script: round('found') },
];
