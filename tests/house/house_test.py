#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants a fault for each rule of the house and expects it to be found, where it stands."""
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import count_tests
import house

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


class HouseTest(unittest.TestCase):
    def faults_of(self, check, files):
        """Faults that `check` finds in a tree of `files`."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            subprocess.run(["git", "init", "-q"], cwd=root, check=True)
            looked_at = house.House(root)
            check(looked_at)
            return looked_at.faults

    def test_includes(self):
        refused = [
            ("services/recognition/filing_store.cc", "pqxx/pqxx"),
            ("services/recognition/filing_store.h", "grpcpp/server.h"),
            ("services/recognition/domain/decision.cc", "zonelink/recognition/v1/filing.pb.h"),
            ("services/recognition/domain/decision.cc", "platform/log/log.h"),
            ("services/recognition/domain/decision.cc", "thread"),
            ("services/recognition/domain/decision.cc", "recognition/filing_store.h"),
            ("services/recognition/recognition_service.cc", "directory/user_store.h"),
            ("services/recognition/filing_store.cc", "recognition/recognition_service.h"),
            ("services/platform/db/database.cc", "directory/user_store.h"),
            ("services/platform/core/text.cc", "platform/log/log.h"),
            ("gateway/http/routes.cc", "recognition/module.h"),
            ("gateway/http/routes.cc", "ledger/domain/receipt.h"),
            ("gateway/http/verify_proof.cc", "ledger/ledger_service.h"),
        ]
        allowed = [
            ("services/platform/db/database.cc", "pqxx/pqxx"),
            ("services/platform/rpc/server.cc", "grpcpp/server.h"),
            ("services/recognition/domain/decision.cc", "platform/clocks/working_clock.h"),
            ("services/recognition/domain/decision_test.cc", "thread"),
            ("services/recognition/filing_store.cc", "recognition/domain/filing.h"),
            ("services/worklist/intake.cc", "zonelink/recognition/v1/filing.pb.h"),
            ("services/zonelink/modules.cc", "gateway/http/gateway_module.h"),
            ("gateway/http/verify_proof.cc", "ledger/domain/receipt.h"),
        ]
        for file, header in refused:
            with self.subTest(file=file, header=header):
                self.assertIsNotNone(house.include_fault(file, header))
        for file, header in allowed:
            with self.subTest(file=file, header=header):
                self.assertIsNone(house.include_fault(file, header))

    def test_domain_looks_at_no_clock(self):
        file = "services/directory/domain/x.cc"
        found = self.faults_of(house.check_includes, {file: "\nauto now = std::chrono::system_clock::now();\n"})
        self.assertEqual([f"{file}:2: a rule is told the time, it does not look at a clock"], found)

    def test_sql(self):
        tree = {"services/x/migrations/0001_x.sql": "CREATE TABLE cargo (id text);\n",
                "services/x/cargo_store.cc": 'R"sql(SELECT id FROM cargo)sql"\n',
                "services/x/x_service.cc": 'auto s = "DELETE FROM cargo";\n',
                "services/x/module.cc": 'R"sql(SELECT 1)sql"\n'}
        found = self.faults_of(house.check_sql, tree)
        self.assertEqual(["services/x/module.cc:1", "services/x/x_service.cc:1"], [f.split(": ")[0] for f in found])

    def test_text(self):
        tree = {"a.cc": "int a;\n", "b.cc": LICENCE + "// FIX" + "ME later\n",
                "c.cc": LICENCE + "\n" * 500, "c_test.cc": LICENCE + "\n" * 799}
        found = self.faults_of(house.check_text, tree)
        self.assertEqual(["a.cc:1", "b.cc:2", "c.cc:501"], [f.split(": ")[0] for f in found])

    def test_reasons(self):
        tree = {"gateway/http/reasons.csv": 'reason,zh,en\nKNOWN_ONE,"甲","one"\nHALF_TOLD,乙,\nKNOWN_ONE,丙,three\n',
                "proto/a.proto": "enum State {\n  STATE_IN_REVIEW = 1;\n}\n",
                "services/x/x.cc": 'return NotFound("KNOWN_ONE", "");\nreturn Aborted(\n    "SINGLE", "");\n'
                                   'auto a = "IN_REVIEW"; auto b = "NEVER_TOLD";\n'}
        found = self.faults_of(house.check_reasons, tree)
        self.assertEqual(
            ["gateway/http/reasons.csv:3", "gateway/http/reasons.csv:4", "services/x/x.cc:2", "services/x/x.cc:4"],
            [f.split(": ")[0] for f in found])


class CountTest(unittest.TestCase):
    def count(self, status, output):
        case = ElementTree.fromstring(f'<testcase name="t" status="{status}"><system-out/></testcase>')
        case.find("system-out").text = output
        return count_tests.count(case)

    def test_counts_cases(self):
        self.assertEqual((12, 0), self.count("run", "noise\n[  PASSED  ] 12 tests.\n"))
        self.assertEqual((1, 0), self.count("run", "[  PASSED  ] 1 test.\n"))
        failed = "[  PASSED  ] 3 tests.\n[  FAILED  ] 2 tests, listed below:\n"
        self.assertEqual((3, 2), self.count("fail", failed))

    def test_a_failed_program_counts_at_least_one(self):
        self.assertEqual((0, 1), self.count("fail", "Segmentation fault\n"))
        self.assertEqual((4, 1), self.count("fail", "[  PASSED  ] 4 tests.\nERROR: LeakSanitizer\n"))

    def test_other_tests_count_one(self):
        self.assertEqual((1, 0), self.count("run", "fine\n"))


if __name__ == "__main__":
    unittest.main()
