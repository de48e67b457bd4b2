/*
 * state_glue.h - what the server side of both state types shares.
 */
#ifndef ECOSYS_STATE_GLUE_H
#define ECOSYS_STATE_GLUE_H

#include "ecosys.h"

#include "lib/stringinfo.h"
#include "utils/timestamp.h"

#include "alignment/alignment_state.h"
#include "alignment/attainment_state.h"

extern void ecosys_state_check(ecosys_state_code code);
extern int64 ecosys_half_life(const Interval *half_life);
extern int64 ecosys_half_life_argument(FunctionCallInfo fcinfo, int argument);
extern bool ecosys_may_change_state(FunctionCallInfo fcinfo);
extern void ecosys_need_bytes(StringInfo message, Size size, const char *type_name);
extern void ecosys_refuse_binary(const char *type_name, const char *detail);
extern void ecosys_send_int128(StringInfo message, ecosys_int128 value);
extern ecosys_int128 ecosys_receive_int128(StringInfo message);
extern Datum ecosys_interval_row(FunctionCallInfo fcinfo, double proportion, double size, double level);

extern const ecosys_alignment *ecosys_open_alignment(Datum datum);
extern const ecosys_attainment *ecosys_open_attainment(Datum datum);
extern Datum ecosys_alignment_datum(const ecosys_alignment *state);
extern Datum ecosys_attainment_datum(const ecosys_attainment *state);

#endif							/* ECOSYS_STATE_GLUE_H */
