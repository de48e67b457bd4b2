/*
 * checked_rows.c - see checked_rows.h.
 */
#include "ecosys.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "query/checked_rows.h"

Oid
ecosys_engine_type(const char *name)
{
	/* the schema is fixed in ecosys.control */
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
									   ObjectIdGetDatum(get_namespace_oid("ecosys", false)));

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no type \"%s\" in schema ecosys", name)));
	return type;
}

void
ecosys_check_columns(TupleDesc desc, const Oid *types, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (i >= desc->natts || TupleDescAttr(desc, i)->atttypid != types[i])
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %d of the rows read must have type %s", i + 1, format_type_be(types[i])),
					 errhint("Give the table statements of an ecosystem, as ecosys.create_ecosystem() makes it.")));
	}
}

Datum
ecosys_checked_column(HeapTuple row, TupleDesc desc, int number)
{
	bool		isnull;
	Datum		value = SPI_getbinval(row, desc, number, &isnull);

	if (isnull)
		ecosys_null_in_statements();
	return value;
}

void
ecosys_null_in_statements(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NOT_NULL_VIOLATION),
			 errmsg("a statement has no id, no time or no content"),
			 errhint("Give the table statements of an ecosystem, as ecosys.create_ecosystem() makes it.")));
}
