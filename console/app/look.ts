import { type ThemeConfig, theme } from 'antd';

const FONTS =
  '-apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans SC", sans-serif';

/**
 * One accent; small type and little space, for people who live in spreadsheets. Its rules are written to a file when the console is built
 * (`console/write-look.ts`), and none at run time: so the content policy lets in no style that stands in the page.
 */
export const look: ThemeConfig = {
  algorithm: theme.compactAlgorithm,
  zeroRuntime: true,
  hashed: false,
  cssVar: { key: 'shouwang' },
  token: {
    colorPrimary: '#12655f',
    colorPrimaryBg: '#e4efed',
    colorPrimaryBgHover: '#d3e5e2',
    controlItemBgActive: '#e4efed',
    controlItemBgActiveHover: '#d3e5e2',
    colorTextDescription: '#586360',
    colorTextTertiary: '#586360',
    colorTextPlaceholder: '#6b7572',
    colorInfoBg: '#eef5f4',
    colorInfoBorder: '#c9dad7',
    colorLink: '#12655f',
    colorInfo: '#12655f',
    borderRadius: 4,
    fontSize: 14,
    wireframe: false,
    motion: false,
    fontFamily: FONTS,
  },
  components: { Table: { headerBg: '#f3f5f4', cellPaddingBlockSM: 5 } },
};
