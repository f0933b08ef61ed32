/**
 * The result of `check` as JUnit's XML, which almost every build server shows: a suite for each file, a test for
 * each object. Mandatory violations fail a test; advisory ones are its output.
 */
import type { CheckedObject, CheckFinding, CheckReport } from "./check";
import { checkSummary } from "./check";
import { html, visible } from "./escape";
import { placeText } from "./findings";

interface Test {
  readonly name: string;
  readonly findings: readonly CheckFinding[];
}

const nameOf = ({ kind, namespace, name }: Omit<CheckedObject, "file" | "apiVersion">): string =>
  `${kind} ${[namespace, name].filter(Boolean).join("/")}`.trim() || "all objects together";

const keyOf = (
  file: string,
  { apiVersion, kind, namespace, name }: CheckFinding["object"] | CheckedObject,
) => JSON.stringify([file, apiVersion, kind, namespace, name]);

/** Ends with a line break. */
export function renderJunit(report: CheckReport): string {
  const { findings, objects, errors } = report;
  const byObject = new Map<string, CheckFinding[]>();
  for (const finding of findings) {
    const key = keyOf(finding.place.file, finding.object);
    byObject.set(key, [...(byObject.get(key) ?? []), finding]);
  }
  const suites = new Map<string, Map<string, Test>>();
  for (const object of [
    ...objects,
    ...findings.map(({ place, object: of }) => ({ ...of, file: place.file })),
  ]) {
    const key = keyOf(object.file, object);
    const tests = suites.get(object.file) ?? new Map<string, Test>();
    suites.set(
      object.file,
      tests.set(key, { name: nameOf(object), findings: byObject.get(key) ?? [] }),
    );
  }
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="runstack check">`,
    ...errors.flatMap(({ message, ...place }) => errorSuite(placeText(place), message)),
    ...undecidedSuite(report),
    ...[...suites].flatMap(([file, tests]) => suite(file, [...tests.values()])),
    `</testsuites>`,
    `<!-- ${html(checkSummary(report)).replaceAll("--", "- -")} -->`,
    "",
  ].join("\n");
}

const errorSuite = (place: string, message: string): readonly string[] => [
  `  <testsuite name="${html(place)}" tests="1" failures="0" errors="1">`,
  `    <testcase classname="${html(place)}" name="can be read">`,
  `      <error message="${html(message)}"/>`,
  `    </testcase>`,
  `  </testsuite>`,
];

/** Skipped tests: build servers count them, and show why. */
function undecidedSuite({ undecidedList }: CheckReport): readonly string[] {
  if (undecidedList.length === 0) return [];
  const size = undecidedList.length;
  return [
    `  <testsuite name="undecided" tests="${size}" failures="0" errors="0" skipped="${size}">`,
    ...undecidedList.flatMap(({ about, place, subject, message }) => [
      `    <testcase classname="${html(placeText(place))}" name="${html(`${subject}: ${about.name}`)}">`,
      `      <skipped message="${html(message)}"/>`,
      `    </testcase>`,
    ]),
    `  </testsuite>`,
  ];
}

function suite(file: string, tests: readonly Test[]): readonly string[] {
  const failures = tests.filter(({ findings }) => findings.some(isMandatory)).length;
  return [
    `  <testsuite name="${html(file || "all files")}" tests="${tests.length}" failures="${failures}" errors="0">`,
    ...tests.flatMap((test) => testCase(file, test)),
    `  </testsuite>`,
  ];
}

const isMandatory = ({ enforcement }: CheckFinding): boolean => enforcement === "mandatory";

function testCase(file: string, { name, findings }: Test): readonly string[] {
  const head = `    <testcase classname="${html(file)}" name="${html(name)}"`;
  if (findings.length === 0) return [`${head}/>`];
  const hard = findings.filter(isMandatory);
  const soft = findings.filter((one) => !isMandatory(one));
  const first = hard[0];
  return [
    `${head}>`,
    // A test fails once: build servers show the first failure of each.
    ...(first === undefined
      ? []
      : [
          `      <failure type="${html(first.about.name)}" message="${html(titleOf(hard))}">`,
          ...hard.map((one) => html(lineOf(one))),
          `</failure>`,
        ]),
    ...(soft.length === 0
      ? []
      : [`      <system-out>`, ...soft.map((one) => html(lineOf(one))), `</system-out>`]),
    `    </testcase>`,
  ];
}

const titleOf = (findings: readonly CheckFinding[]): string =>
  [...new Set(findings.map(({ about }) => about.name))].join(", ");

const lineOf = ({ place, about, message }: CheckFinding): string =>
  visible(`${placeText(place)}: ${about.name}: ${message} ${about.remediation}`.trim());
