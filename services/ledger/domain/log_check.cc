// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/log_check.h"
