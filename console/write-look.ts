// Prints the rules of Ant Design's components under the console's own look: part of the build, not of the console.
import { extractStyle } from '@ant-design/static-style-extract';
import { ConfigProvider } from 'antd';
import { createElement } from 'react';
import { look } from './app/look.ts';

/** What the console is made of, and what that is made of: the rules of the others would only be weight. */
const COMPONENTS = [
  ...[
    'Alert',
    'App',
    'Badge',
    'Button',
    'Cascader',
    'Checkbox',
    'Drawer',
    'Dropdown',
    'Empty',
    'Form',
    'Image',
    'Input',
  ],
  ...['InputNumber', 'Menu', 'Modal', 'Pagination', 'Popconfirm', 'Popover', 'Progress', 'QRCode', 'Radio', 'Result'],
  ...[
    'Segmented',
    'Select',
    'Skeleton',
    'Space',
    'Spin',
    'Steps',
    'Table',
    'Tabs',
    'Tag',
    'Timeline',
    'Tooltip',
    'Tree',
  ],
  ...['Typography', 'Upload', 'message', 'notification'],
];

const theme = { ...look, zeroRuntime: false };
console.log(
  extractStyle({ includes: COMPONENTS, customTheme: (node) => createElement(ConfigProvider, { theme }, node) }),
);
