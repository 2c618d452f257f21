import {
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  CheckSquareOutlined,
  EyeOutlined,
  FileTextOutlined,
  HomeOutlined,
  InboxOutlined,
  MedicineBoxOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  SwapOutlined,
  TeamOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { mayCall, type RouteName } from '../api/client.ts';
import type { Words } from '../words/language.tsx';
import type { Me } from './session.ts';

interface Entry {
  to: string;
  word: keyof Words;
  icon: ReactNode;
  /** Who may ask this route may see the screen. */
  needs: RouteName;
}

/** The screens, in the order of a working day. */
const entries: readonly Entry[] = [
  { to: '/inbox', word: 'inbox', icon: <InboxOutlined />, needs: 'listDecisions' },
  { to: '/overview', word: 'overview', icon: <AppstoreOutlined />, needs: 'readRound' },
  { to: '/rounds', word: 'rounds', icon: <CheckSquareOutlined />, needs: 'listRounds' },
  { to: '/households', word: 'households', icon: <HomeOutlined />, needs: 'listHouseholds' },
  { to: '/cases', word: 'cases', icon: <TeamOutlined />, needs: 'listCases' },
  { to: '/watch', word: 'watchList', icon: <EyeOutlined />, needs: 'readWatchList' },
  { to: '/claims', word: 'claims', icon: <MedicineBoxOutlined />, needs: 'listClaims' },
  { to: '/insurance', word: 'insurance', icon: <SafetyCertificateOutlined />, needs: 'listPolicies' },
  { to: '/payouts', word: 'payouts', icon: <BankOutlined />, needs: 'readBatch' },
  { to: '/brief', word: 'reports', icon: <BarChartOutlined />, needs: 'readBrief' },
  { to: '/ledger', word: 'ledger', icon: <ProfileOutlined />, needs: 'listEntries' },
  { to: '/quality', word: 'quality', icon: <WarningOutlined />, needs: 'listFindings' },
  { to: '/sample', word: 'sample', icon: <AuditOutlined />, needs: 'readSample' },
  { to: '/exchange', word: 'exchange', icon: <SwapOutlined />, needs: 'exportSheet' },
  { to: '/criteria', word: 'criteria', icon: <FileTextOutlined />, needs: 'listCriteria' },
  { to: '/administration', word: 'administration', icon: <SettingOutlined />, needs: 'readDivisions' },
];

export function menuOf(me: Me): readonly Entry[] {
  return entries.filter(({ needs }) => mayCall(me, needs));
}
