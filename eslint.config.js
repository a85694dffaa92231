import tseslint from 'typescript-eslint';

// Each part may import the parts to its left (see ARCHITECTURE.md). The four in the middle don't
// know each other; what must join them lives in app/.
const layers = [
  ['planning'],
  ['config'],
  ['queues'],
  ['documents'],
  ['tasks'],
  ['worker', 'beat', 'scaling', 'monitor', 'client'],
  ['top', 'deploy'],
  ['app'],
  ['cli'],
];

const importsOf = (forbidden) => ({
  group: forbidden.map((part) => `**/${part}/**`),
  message: 'This import goes against the dependency direction (see ARCHITECTURE.md).',
});

const directionRules = layers.flatMap((layer, index) =>
  layer.map((part) => {
    const forbidden = [
      ...layer.filter((sibling) => sibling !== part),
      ...layers.slice(index + 1).flat(),
    ];
    return {
      files: [`src/${part}/**`],
      rules: {
        '@typescript-eslint/no-restricted-imports': [
          'error',
          {
            patterns: [
              ...(forbidden.length > 0 ? [importsOf(forbidden)] : []),
              ...(part === 'queues'
                ? []
                : [
                    {
                      group: ['bullmq', 'bullmq/**', 'ioredis'],
                      message: 'Only queues/ talks to Redis.',
                    },
                  ]),
              ...(part === 'planning'
                ? [{ group: ['node:*'], message: 'planning/ is pure.' }]
                : []),
            ],
          },
        ],
      },
    };
  }),
);

const impure = (object, property) => ({
  object,
  property,
  message: 'Take it as an argument: planning/ is pure.',
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.dsw', 'coverage', 'examples/*/node_modules'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unbound-method': 'off',
      // There are no enums here; this rule alone takes a sixth of the whole.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  ...directionRules,
  {
    files: ['src/planning/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        'performance',
        'fetch',
      ],
      'no-restricted-properties': ['error', impure('Math', 'random'), impure('Date', 'now')],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time as an argument: planning/ is pure.',
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/config/**', 'src/planning/**', 'src/cli/main.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Environment variables are read in config/ only.',
        },
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message: 'Only cli/main.ts ends the process.',
        },
      ],
    },
  },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);
