"""Images of the local AWS: told of as EC2 does, and exported: what the disk of one holds lies in IMAGE_DISKS."""

import os
import time

from ministack.services import ec2, s3

_describe_images = ec2._describe_images
_image_bdm_xml = ec2._image_bdm_xml
_tasks = {}

# What a registered image is, as DescribeImages tells it of one that was made of a server.
_TOLD = (
    "<creationDate>{created}</creationDate><platformDetails>Linux/UNIX</platformDetails>"
    "<usageOperation>RunInstances</usageOperation><bootMode>uefi-preferred</bootMode>"
)


def describe_images(p):
    """An image tells when it was made, and what AWS bills for it."""
    status, headers, body = _describe_images(p)
    text = body.decode() if isinstance(body, bytes) else body
    for image_id, image in ec2._images.items():
        told = _TOLD.format(created=image["CreationDate"])
        mark = f"<imageId>{image_id}</imageId>"
        text = text.replace(mark, mark + told, 1)
    return status, headers, text.encode() if isinstance(body, bytes) else text


def image_bdm_xml(view):
    """A disk tells whether its snapshot is encrypted."""
    disks = [each.get("Ebs") or {} for each in view["BlockDeviceMappings"]] or [{}]
    first, *rest = _image_bdm_xml(view).split("<ebs>")
    told = [f"<ebs><encrypted>{disk.get('Encrypted', 'false')}</encrypted>{part}" for disk, part in zip(disks, rest)]
    return first + "".join(told)


def export_image(p):
    """Begins to export an image; a token that was used before is for the task that it began ("ExportImage")."""
    token, image_id = ec2._p(p, "ClientToken"), ec2._p(p, "ImageId")
    bucket, prefix = ec2._p(p, "S3ExportLocation.S3Bucket"), ec2._p(p, "S3ExportLocation.S3Prefix") or ""
    if ec2._p(p, "DiskImageFormat") != "VHD":
        return ec2._error("InvalidParameterValue", "The local AWS exports VHDs only.", 400)
    for task in _tasks.values():
        if token and task["token"] == token:
            return told_of(task, "ExportImageResponse")
    image = ec2._images.get(image_id)
    if not image:
        return ec2._error("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist", 400)
    if s3._ensure_bucket(bucket) is None:
        return ec2._error("InvalidParameter", f"The bucket '{bucket}' does not exist.", 400)
    mappings = image.get("BlockDeviceMappings") or []
    if any(each.get("Ebs", {}).get("Encrypted") == "true" for each in mappings):
        return ec2._error("InvalidParameter", "Images with encrypted snapshots cannot be exported.", 400)
    task_id = f"export-{image_id}-{int(time.time() * 1000):x}"
    task = {"id": task_id, "token": token, "image": image_id, "bucket": bucket, "prefix": prefix, "looks": 0}
    _tasks[task_id] = task
    return told_of(task, "ExportImageResponse")


def describe_export_image_tasks(p):
    """An export is under way when it is looked at first, and then it is there, or has failed."""
    items = ""
    for task_id in ec2._parse_member_list(p, "ExportImageTaskId") or list(_tasks):
        task = _tasks.get(task_id)
        if not task:
            return ec2._error("InvalidExportTaskID.NotFound", f"The task '{task_id}' does not exist", 400)
        task["looks"] += 1
        if task["looks"] == 2:
            finish(task)
        items += f"<item>{fields_of(task)}</item>"
    return ec2._xml(200, "DescribeExportImageTasksResponse", f"<exportImageTaskSet>{items}</exportImageTaskSet>")


def finish(task):
    path = os.path.join(os.environ["IMAGE_DISKS"], f"{task['image']}.vhd")
    if task["image"] not in ec2._images:
        task.update(status="deleted", message=f"The image {task['image']} does not exist")
    elif not os.path.exists(path):
        task.update(status="deleted", message="ClientError: Unsupported kernel version")
    else:
        with open(path, "rb") as disk:
            s3._put_object(task["bucket"], f"{task['prefix']}{task['id']}.vhd", disk.read(), {})
        task.update(status="completed")


def told_of(task, response):
    return ec2._xml(200, response, fields_of(task))


def fields_of(task):
    message = task.get("message")
    return (
        f"<exportImageTaskId>{task['id']}</exportImageTaskId><imageId>{task['image']}</imageId>"
        f"<status>{task.get('status', 'active')}</status>"
        + (f"<statusMessage>{ec2._esc(message)}</statusMessage>" if message else "")
        + f"<s3ExportLocation><s3Bucket>{task['bucket']}</s3Bucket><s3Prefix>{task['prefix']}</s3Prefix></s3ExportLocation>"
    )


def install():
    ec2._image_bdm_xml = image_bdm_xml
    ec2._describe_images = describe_images
    ec2._ACTION_MAP["DescribeImages"] = describe_images
    ec2._ACTION_MAP["ExportImage"] = export_image
    ec2._ACTION_MAP["DescribeExportImageTasks"] = describe_export_image_tasks
